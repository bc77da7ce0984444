using System.Buffers.Binary;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>Request frames made from the protocol's description: well-formed with any values, mutated, or random bytes.</summary>
internal sealed class RequestGenerator(int seed)
{
    private static readonly WireApi[] Apis = [.. WireProtocol.Apis];
    private static readonly string[] Strings =
    [
        "",
        "topic",
        "topic",
        "other",
        "group",
        "id",
        "range",
        "classic",
        "é\0",
        new('x', 300),
    ];
    private static readonly long[] Numbers =
    [
        -3,
        -2,
        -1,
        0,
        0,
        1,
        1,
        2,
        3,
        5,
        1000,
        10_000,
        short.MaxValue,
        int.MaxValue,
        long.MaxValue,
        int.MinValue,
        long.MinValue,
    ];
    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        if (_random.Next(20) == 0)
            return RandomBytes(_random.Next(1, 200));
        var frame = WellFormed(out _, out _);
        for (var mutations = _random.Next(4) - 1; mutations > 0 && frame.Length > 0; mutations--)
            frame = Mutate(frame);
        return frame.Length == 0 ? [0] : frame;
    }

    /// <summary>A request that the broker has to be able to read.</summary>
    public byte[] WellFormed(out WireApi api, out short version)
    {
        api = Apis[_random.Next(Apis.Length)];
        version = (short)_random.Next(ApiVersions.First(api.Name), ApiVersions.Last(api.Name) + 1);
        return WireClient.Frame(api, version, version >= api.FirstFlexible, _random.Next(), Any(api.Request));
    }

    private Fields Any(List<WireField> description)
    {
        var fields = new Fields();
        foreach (var field in description)
            fields[field.Name] = field.IsArray ? AnyArray(field) : AnyOne(field);
        return fields;
    }

    private List<object?>? AnyArray(WireField field)
    {
        if (_random.Next(10) == 0)
            return null;
        var items = new List<object?>();
        for (var left = _random.Next(4); left > 0; left--)
            items.Add(AnyOne(field) ?? "");
        return items;
    }

    private object? AnyOne(WireField field) =>
        field.Type switch
        {
            "struct" => Any(field.Children),
            "bool" => _random.Next(2) == 0,
            "int8" => unchecked((sbyte)Number()),
            "int16" => unchecked((short)Number()),
            "int32" => unchecked((int)Number()),
            "int64" => Number(),
            "uuid" => Guid.Empty,
            "string" => _random.Next(8) == 0 ? null : Strings[_random.Next(Strings.Length)],
            "records" => Batch(),
            _ => RandomBytes(_random.Next(20)),
        };

    private long Number() => _random.Next(4) == 0 ? _random.NextInt64() : Numbers[_random.Next(Numbers.Length)];

    private byte[] Batch()
    {
        var batch = WireBatch.Create(["a", "b"], _random.Next(-1, 3), (short)_random.Next(2), _random.Next(4));
        if (_random.Next(3) == 0)
            batch[22] = (byte)_random.Next(256);
        if (_random.Next(3) > 0)
            WireBatch.Sign(batch);
        return _random.Next(5) == 0 ? Mutate(batch) : batch;
    }

    private byte[] Mutate(byte[] frame)
    {
        var position = _random.Next(frame.Length);
        switch (_random.Next(5))
        {
            case 0:
                frame[position] ^= (byte)(1 << _random.Next(8));
                return frame;
            case 1:
                return frame[..position];
            case 2:
                return [.. frame[..position], .. RandomBytes(_random.Next(1, 9)), .. frame[position..]];
            case 3:
                return [.. frame[..position], .. frame[_random.Next(frame.Length)..]];
            default:
                if (frame.Length < 4)
                    return frame;
                BinaryPrimitives.WriteInt32BigEndian(
                    frame.AsSpan(Math.Min(position, frame.Length - 4)),
                    unchecked((int)Number())
                );
                return frame;
        }
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
