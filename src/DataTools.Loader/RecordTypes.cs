using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace DataTools;

/// <summary>Makes one record type per list of column names, each column a property of type object.</summary>
public static class RecordTypes
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly Type[] ConstructorTypes = [typeof(IRecordColumns), typeof(int)];
    private static readonly ModuleBuilder Module =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("DataTools.Records"), AssemblyBuilderAccess.Run).DefineDynamicModule("Records");

    private static readonly ConcurrentDictionary<NameList, Lazy<Func<IRecordColumns, int, DataRecord>>> Factories = new();
    private static int _count;

    /// <summary>What makes the records of a batch with these column names (unique, case aside).</summary>
    public static Func<IRecordColumns, int, DataRecord> FactoryFor(IReadOnlyList<string> names) =>
        Factories.GetOrAdd(new NameList([.. names]), key => new Lazy<Func<IRecordColumns, int, DataRecord>>(() => Emit(key.Names))).Value;

    private static Func<IRecordColumns, int, DataRecord> Emit(string[] names)
    {
        // A type is built by one thread at a time: a module builder is not safe for more.
        lock (Module)
        {
            var type = Module.DefineType(
                $"DataTools.Record{++_count}", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, typeof(DataRecord));
            var constructor = DefineConstructor(type);
            for (var i = 0; i < names.Length; i++)
            {
                DefineProperty(type, names[i], i);
            }

            DefineFactory(type, constructor);
            return type.CreateType().GetMethod("\u200BCreate", BindingFlags.Static | BindingFlags.NonPublic)!
                .CreateDelegate<Func<IRecordColumns, int, DataRecord>>();
        }
    }

    private static ConstructorBuilder DefineConstructor(TypeBuilder type)
    {
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, ConstructorTypes);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(DataRecord).GetConstructor(Hidden, ConstructorTypes)!);
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    private static void DefineProperty(TypeBuilder type, string name, int column)
    {
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;
        var property = type.DefineProperty(name, PropertyAttributes.None, typeof(object), null);

        var getter = type.DefineMethod($"get_{name}", Accessor, typeof(object), null);
        var il = getter.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, column);
        il.Emit(OpCodes.Call, typeof(DataRecord).GetMethod("Get", Hidden)!);
        il.Emit(OpCodes.Ret);
        property.SetGetMethod(getter);

        var setter = type.DefineMethod($"set_{name}", Accessor, typeof(void), [typeof(object)]);
        il = setter.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, column);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, typeof(DataRecord).GetMethod("Set", Hidden)!);
        il.Emit(OpCodes.Ret);
        property.SetSetMethod(setter);
    }

    /// <summary>A static method is the quickest way to make a record; its name is none that a column has.</summary>
    private static void DefineFactory(TypeBuilder type, ConstructorBuilder constructor)
    {
        var create = type.DefineMethod("\u200BCreate", MethodAttributes.Static | MethodAttributes.Private, typeof(DataRecord), ConstructorTypes);
        var il = create.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Column names, compared letter by letter.</summary>
    private readonly record struct NameList(string[] Names)
    {
        public bool Equals(NameList other) => Names.AsSpan().SequenceEqual(other.Names);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var name in Names)
            {
                hash.Add(name, StringComparer.Ordinal);
            }

            return hash.ToHashCode();
        }
    }
}
