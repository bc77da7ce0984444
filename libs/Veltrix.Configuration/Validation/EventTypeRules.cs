namespace Veltrix.Configuration.Validation;

internal static class EventTypeRules
{
    private const string AllowedType =
        "a CloudEvents type such as com.example.thing, or a prefix such as com.example.*";

    public static void Check(PlatformConfiguration configuration, ErrorList errors)
    {
        var types = configuration.EventTypes;
        var topics = configuration
            .Clusters.SelectMany(cluster => cluster.Topics)
            .Select(topic => topic.Name)
            .ToHashSet();
        errors.Count("$.eventTypes", types.Count, ConfigurationLimits.EventTypes);
        for (var index = 0; index < types.Count; index++)
        {
            CheckType(types[index].Type, $"$.eventTypes[{index}].type", errors);
            if (!topics.Contains(types[index].Topic))
                errors.Add(
                    $"$.eventTypes[{index}].topic",
                    $"No cluster has the topic \"{types[index].Topic}\".",
                    string.Join(", ", topics.Order(StringComparer.Ordinal))
                );
            CheckSize(types[index], index, configuration.Ingest, errors);
        }
        errors.Unique(types.Select((type, index) => ($"$.eventTypes[{index}].type", type.Type)));
        CheckReachable(types, errors);
    }

    private static void CheckType(string type, string path, ErrorList errors)
    {
        var name = type.EndsWith(".*", StringComparison.Ordinal) ? type[..^2] : type;
        if (name.Length == 0 || name.Contains('*') || name.Any(IsNotVisible) || name.EndsWith('.'))
            errors.Add(path, $"\"{type}\" is not an event type.", AllowedType);
        errors.Range(path, type.Length, ConfigurationLimits.TypeCharacters);
    }

    private static void CheckSize(EventTypeConfiguration type, int index, IngestConfiguration ingest, ErrorList errors)
    {
        if (type.MaximumBytes is not { } bytes)
            return;
        errors.Range($"$.eventTypes[{index}].maximumBytes", bytes, ConfigurationLimits.TypeBytes);
        if (bytes > ingest.MaximumEventBytes)
            errors.Add(
                $"$.eventTypes[{index}].maximumBytes",
                "A type cannot allow larger records than ingest does.",
                $"at most ingest.maximumEventBytes ({ingest.MaximumEventBytes})"
            );
    }

    private static bool IsNotVisible(char character) => char.IsWhiteSpace(character) || char.IsControl(character);

    // The first match wins, so what stands behind a prefix that matches it would silently never be used.
    private static void CheckReachable(IReadOnlyList<EventTypeConfiguration> types, ErrorList errors)
    {
        var prefixes = new List<(EventTypeConfiguration Type, int Index)>();
        for (var index = 0; index < types.Count; index++)
        {
            var type = types[index];
            var earlier = prefixes.Find(prefix => prefix.Type.Type != type.Type && prefix.Type.Matches(type.Type));
            if (earlier.Type is not null)
                errors.Add(
                    $"$.eventTypes[{index}].type",
                    $"\"{type.Type}\" is never reached: \"{earlier.Type.Type}\" at $.eventTypes[{earlier.Index}] matches it first."
                );
            if (type.Type.EndsWith(".*", StringComparison.Ordinal))
                prefixes.Add((type, index));
        }
    }
}
