using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a conditional expression as genuine Aspire does: <c>cond-{condition}-{xxHash32 of what it says}</c>.</summary>
internal static class ConditionalName
{
    public static string Of(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    )
    {
        var expression = ((IManifestExpressionProvider)condition).ValueExpression;
        var words = new StringBuilder();
        foreach (var character in expression)
            if (char.IsLetterOrDigit(character))
                words.Append(char.ToLowerInvariant(character));
            else if (words.Length > 0 && words[^1] != '-')
                words.Append('-');
        var content = expression + whenTrue.ValueExpression + whenFalse.ValueExpression + matchValue;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"cond-{words.ToString().TrimEnd('-')}-{XxHash32(Encoding.UTF8.GetBytes(content)):x8}"
        );
    }

    // xxHash32 with seed 0, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md; the feed lacks System.IO.Hashing.
    private static uint XxHash32(ReadOnlySpan<byte> input)
    {
        const uint prime1 = 0x9E3779B1;
        const uint prime2 = 0x85EBCA77;
        const uint prime3 = 0xC2B2AE3D;
        const uint prime4 = 0x27D4EB2F;
        const uint prime5 = 0x165667B1;
        unchecked
        {
            var rest = input;
            uint hash;
            if (input.Length >= 16)
            {
                Span<uint> lanes = [prime1 + prime2, prime2, 0, 0 - prime1];
                for (; rest.Length >= 16; rest = rest[16..])
                for (var lane = 0; lane < 4; lane++)
                {
                    var word = BinaryPrimitives.ReadUInt32LittleEndian(rest[(lane * 4)..]);
                    lanes[lane] = BitOperations.RotateLeft(lanes[lane] + word * prime2, 13) * prime1;
                }
                hash =
                    BitOperations.RotateLeft(lanes[0], 1)
                    + BitOperations.RotateLeft(lanes[1], 7)
                    + BitOperations.RotateLeft(lanes[2], 12)
                    + BitOperations.RotateLeft(lanes[3], 18);
            }
            else
            {
                hash = prime5;
            }
            hash += (uint)input.Length;
            for (; rest.Length >= 4; rest = rest[4..])
                hash =
                    BitOperations.RotateLeft(hash + BinaryPrimitives.ReadUInt32LittleEndian(rest) * prime3, 17)
                    * prime4;
            foreach (var value in rest)
                hash = BitOperations.RotateLeft(hash + value * prime5, 11) * prime1;
            hash = (hash ^ (hash >> 15)) * prime2;
            hash = (hash ^ (hash >> 13)) * prime3;
            return hash ^ (hash >> 16);
        }
    }
}
