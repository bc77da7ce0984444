using Npgsql;
using NpgsqlTypes;

namespace Veltrix.Processor.Database;

/// <summary>Array parameters for <c>unnest</c>: one statement, one plan, whatever the number of rows.</summary>
internal static class Parameter
{
    /// <summary>Text that the statement casts to the enumeration.</summary>
    public static NpgsqlParameter Purpose(string purpose) =>
        new NpgsqlParameter<string> { TypedValue = purpose, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Array(string[] values) => Of(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Array(int[] values) => Of(values, NpgsqlDbType.Integer);

    public static NpgsqlParameter Array(long[] values) => Of(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Array(double[] values) => Of(values, NpgsqlDbType.Double);

    public static NpgsqlParameter Array(Guid[] values) => Of(values, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Array(byte[]?[] values) => Of(values, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Array(string?[] values, NpgsqlDbType type) => Of(values, type);

    /// <summary>UTC instants.</summary>
    public static NpgsqlParameter Array(DateTime[] values) => Of(values, NpgsqlDbType.TimestampTz);

    /// <summary>UTC instants, or null.</summary>
    public static NpgsqlParameter Array(DateTime?[] values) => Of(values, NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter<T[]> Of<T>(T[] values, NpgsqlDbType element) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
