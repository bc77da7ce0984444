using System.Globalization;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Topics;

/// <summary>The topic settings that this broker knows, their defaults and their limits.</summary>
internal sealed class TopicConfiguration(BrokerOptions options)
{
    private const string Delete = "delete";
    private const string Compact = "compact";
    private const string AppendTime = "LogAppendTime";
    private const sbyte ListType = 7;
    private const int MillisecondsPerHour = 3_600_000;
    private const int MillisecondsPerDay = 24 * MillisecondsPerHour;

    /// <param name="Name">Kafka's name of the setting.</param>
    /// <param name="Type">Kafka's number of its type: 2 string, 3 int, 5 long, 7 list.</param>
    /// <param name="Default">The value where a topic says nothing.</param>
    /// <param name="IsValid">Whether a value can be taken.</param>
    public sealed record Setting(string Name, sbyte Type, string Default, Func<string, bool> IsValid);

    public IReadOnlyList<Setting> Settings { get; } =
    [
        new("cleanup.policy", ListType, Delete, IsPolicy),
        new("compression.type", 2, "producer", value => value is "producer"),
        new("delete.retention.ms", 5, Text(MillisecondsPerDay), value => IsNumber(value, 0, long.MaxValue)),
        new("max.compaction.lag.ms", 5, Text(long.MaxValue), value => IsNumber(value, 1, long.MaxValue)),
        new(
            "max.message.bytes",
            3,
            Text(options.MaximumMessageBytes),
            value => IsNumber(value, 1024, options.MaximumRequestBytes - 4096)
        ),
        new(
            "message.timestamp.after.max.ms",
            5,
            Text(TimestampSettings.Default.LongestAheadMilliseconds),
            value => IsNumber(value, 0, long.MaxValue)
        ),
        new(
            "message.timestamp.before.max.ms",
            5,
            Text(TimestampSettings.Default.LongestBehindMilliseconds),
            value => IsNumber(value, 0, long.MaxValue)
        ),
        new("message.timestamp.type", 2, "CreateTime", value => value is "CreateTime" or AppendTime),
        new("min.cleanable.dirty.ratio", 6, "0.5", IsRatio),
        new("min.compaction.lag.ms", 5, "0", value => IsNumber(value, 0, long.MaxValue)),
        new("min.insync.replicas", 3, "1", value => value is "1"),
        new("retention.bytes", 5, Text(options.RetentionBytes), value => IsNumber(value, -1, long.MaxValue)),
        new(
            "retention.ms",
            5,
            Text(options.RetentionHours < 0 ? -1 : (long)options.RetentionHours * MillisecondsPerHour),
            value => IsNumber(value, -1, long.MaxValue)
        ),
        new("segment.bytes", 3, Text(options.SegmentBytes), value => IsNumber(value, 4096, int.MaxValue)),
        new(
            "segment.ms",
            5,
            Text((long)options.SegmentHours * MillisecondsPerHour),
            value => IsNumber(value, 1, long.MaxValue)
        ),
    ];

    /// <summary>What is wrong with a topic's settings; null when nothing is.</summary>
    public string? FindError(IEnumerable<KeyValuePair<string, string?>> configuration)
    {
        foreach (var (name, value) in configuration)
        {
            if (Settings.FirstOrDefault(setting => setting.Name == name) is not { } known)
                return $"Unknown topic config name: {name}";
            if (value is not null && !known.IsValid(value))
                return $"Invalid value {value} for configuration {name}";
        }
        return null;
    }

    /// <summary>Changes a setting in a topic's configuration; what is wrong with the change, or null.</summary>
    public string? Apply(SettingChange change, Dictionary<string, string> configuration)
    {
        var (name, operation, value) = change;
        if (Settings.FirstOrDefault(setting => setting.Name == name) is not { } known)
            return $"Unknown topic config name: {name}";
        if (operation == SettingOperation.Remove)
        {
            configuration.Remove(name);
            return null;
        }
        if (operation is SettingOperation.Append or SettingOperation.Subtract)
        {
            if (known.Type != ListType)
                return $"{name} is no list: nothing can be appended to it, or subtracted from it.";
            var present = PartsOf(configuration.GetValueOrDefault(name, known.Default));
            var parts = PartsOf(value ?? "");
            value = string.Join(
                ',',
                operation == SettingOperation.Append ? present.Union(parts) : present.Except(parts)
            );
        }
        else if (operation != SettingOperation.Set)
        {
            return $"Unknown operation {(sbyte)operation} on {name}";
        }
        if (value is null || !known.IsValid(value))
            return $"Invalid value {value} for configuration {name}";
        configuration[name] = value;
        return null;
    }

    public LogSettings ToLogSettings(IReadOnlyDictionary<string, string> configuration)
    {
        var retentionMilliseconds = Number("retention.ms");
        var retentionBytes = Number("retention.bytes");
        var policies = PartsOf(Value("cleanup.policy"));
        return new LogSettings(
            Number("segment.bytes"),
            ToTimeSpan(Number("segment.ms")),
            retentionMilliseconds < 0 ? null : ToTimeSpan(retentionMilliseconds),
            retentionBytes < 0 ? null : retentionBytes,
            (int)Number("max.message.bytes")
        )
        {
            IsDeleted = policies.Contains(Delete),
            Timestamps = new TimestampSettings(
                Value("message.timestamp.type") == AppendTime,
                Number("message.timestamp.before.max.ms"),
                Number("message.timestamp.after.max.ms")
            ),
            Compaction = policies.Contains(Compact)
                ? new CompactionSettings(
                    double.Parse(Value("min.cleanable.dirty.ratio"), CultureInfo.InvariantCulture),
                    ToTimeSpan(Number("min.compaction.lag.ms")),
                    ToTimeSpan(Number("max.compaction.lag.ms")),
                    ToTimeSpan(Number("delete.retention.ms"))
                )
                : null,
        };

        long Number(string name) => long.Parse(Value(name), CultureInfo.InvariantCulture);

        string Value(string name) =>
            configuration.TryGetValue(name, out var value)
                ? value
                : Settings.First(setting => setting.Name == name).Default;
    }

    private static bool IsPolicy(string value) =>
        PartsOf(value) is { Length: > 0 } policies && policies.All(policy => policy is Delete or Compact);

    private static string[] PartsOf(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsRatio(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio)
        && ratio is >= 0 and <= 1;

    private static TimeSpan ToTimeSpan(long milliseconds) =>
        milliseconds >= TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.MaxValue
            : TimeSpan.FromMilliseconds(milliseconds);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsNumber(string value, long minimum, long maximum) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= minimum
        && number <= maximum;
}
