using Apache.Arrow;
using CsCheck;
using DataTools.Data;

namespace DataTools.Tests.Data.Kernels;

public class TakeTests
{
    private static readonly DataType[] Types =
    [
        DataTypes.Bool, DataTypes.Int8, DataTypes.Int16, DataTypes.Int32, DataTypes.Int64, new DecimalType(18, 2), DataTypes.Text, DataTypes.Uuid,
        new ListDataType(DataTypes.Int64), new ListDataType(DataTypes.Text),
        new StructDataType([KeyValuePair.Create<string, DataType>("a", DataTypes.Text), KeyValuePair.Create<string, DataType>("b", DataTypes.Bool)]),
    ];

    [Fact]
    public void Selected_rows_keep_their_values_and_nulls_whatever_the_type_and_offset() =>
        Gen.Select(Gen.Bool.Array[0, 200], Gen.Int[0, 9], Gen.Int[1, 30]).Sample((selection, skip, stretch) =>
        {
            var stretched = selection.SelectMany(s => Enumerable.Repeat(s, stretch)).Take(300).ToArray();
            var batch = Batch(stretched.Length + skip).Slice(skip, stretched.Length);
            var kept = Enumerable.Range(0, stretched.Length).Where(i => stretched[i]).ToArray();
            AssertRows(batch, kept, DataTools.Data.Kernels.Take.Filter(batch, stretched));
        });

    [Fact]
    public void Rows_are_taken_in_the_order_of_the_indices() =>
        Gen.Int[0, 49].Array[0, 100].Sample(indices =>
        {
            var batch = Batch(50);
            AssertRows(batch, indices, DataTools.Data.Kernels.Take.Rows(batch, indices));
        });

    [Fact]
    public void A_batch_of_which_all_is_selected_is_handed_on_as_it_is()
    {
        var batch = Batch(10);
        Assert.Same(batch, DataTools.Data.Kernels.Take.Filter(batch, Enumerable.Repeat(true, 10).ToArray()));
    }

    private static void AssertRows(RecordBatch from, int[] rows, RecordBatch to)
    {
        Assert.Equal(rows.Length, to.Length);
        for (var column = 0; column < Types.Length; column++)
        {
            Assert.Equal(rows.Length, to.Column(column).Length);
            Assert.Equal(rows.Count(r => from.Column(column).IsNull(r)), to.Column(column).NullCount);
            for (var i = 0; i < rows.Length; i++)
            {
                Assert.Equal(Types[column].GetValueOrNull(from.Column(column), rows[i]), Types[column].GetValueOrNull(to.Column(column), i));
            }
        }
    }

    private static RecordBatch Batch(int rows)
    {
        var schema = new Schema([.. Types.Select((t, i) => t.ToField("c" + i))], null);
        var builder = new BatchBuilder(schema);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < Types.Length; column++)
            {
                Assert.True(builder.Columns[column].TryAppend((row + column) % 5 == 0 ? null : Value(Types[column], row)));
            }

            builder.EndRow();
        }

        return builder.Finish();
    }

    private static object Value(DataType type, int row) => type switch
    {
        BoolType => row % 3 == 0,
        TextType => new string('x', row % 4) + row,
        UuidType => new Guid(row, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]),
        ListDataType list => Enumerable.Range(0, row % 3).Select(i => i == 1 ? null : Value(list.Item, row + i)).ToArray(),
        StructDataType => new Dictionary<string, object> { ["a"] = "a" + row, ["b"] = row % 2 == 0 },
        _ => row % 100,
    };
}
