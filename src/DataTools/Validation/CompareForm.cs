using DataTools.Data;

namespace DataTools.Validation;

/// <summary>As what the values of a column are compared, whatever types its two sides have.</summary>
public enum CompareForm
{
    /// <summary>A number by its exact value: 12, 12.0 and 12.00 are one.</summary>
    Number,

    /// <summary>A float of 32 bits, to which the other side is rounded.</summary>
    Single,

    /// <summary>A float of 64 bits, to which the other side is rounded. All NaN are one, and so are 0 and -0.</summary>
    Double,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>Text, character by character.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Sixteen bytes.</summary>
    Uuid,

    /// <summary>A day.</summary>
    Date,

    /// <summary>Microseconds since 1970; what has no zone is taken as UTC.</summary>
    Timestamp,

    /// <summary>Microseconds: of a day, or a length of time.</summary>
    Span,

    /// <summary>JSON by its values: the order of members, spaces, escapes and the zeros of numbers do not count.</summary>
    Json,
}

/// <summary>Agrees on the form in which two types are compared.</summary>
public static class CompareForms
{
    /// <summary>The form that a type has by itself.</summary>
    public static CompareForm Of(DataType type) => type switch
    {
        BoolType => CompareForm.Boolean,
        FloatType<float> => CompareForm.Single,
        FloatType<double> => CompareForm.Double,
        BinaryDataType => CompareForm.Bytes,
        UuidType => CompareForm.Uuid,
        DateType => CompareForm.Date,
        TimestampType => CompareForm.Timestamp,
        TimeType or DurationType => CompareForm.Span,
        JsonType or NestedDataType => CompareForm.Json,
        _ => DataTypes.IsNumber(type) ? CompareForm.Number : CompareForm.Text,
    };

    /// <summary>
    /// The form that holds the values of both; null where no value of one can be one of the other. Text is read as the other side's type.
    /// </summary>
    public static CompareForm? Agree(DataType left, DataType right)
    {
        var (a, b) = (Of(left), Of(right));
        return a == b || b == CompareForm.Text ? a
            : a == CompareForm.Text ? b
            : Mixed(a, b) ?? Mixed(b, a);
    }

    private static CompareForm? Mixed(CompareForm a, CompareForm b) => (a, b) switch
    {
        (CompareForm.Boolean, CompareForm.Number) => CompareForm.Number,
        (CompareForm.Number, CompareForm.Single or CompareForm.Double) => b,
        (CompareForm.Single, CompareForm.Double) => CompareForm.Single,
        (CompareForm.Date, CompareForm.Timestamp) => CompareForm.Timestamp,
        (CompareForm.Uuid, CompareForm.Bytes) => CompareForm.Bytes,
        _ => null,
    };
}
