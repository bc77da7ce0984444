namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What becomes of the events of one type, or of all types of a prefix that no other entry names.</summary>
/// <param name="Type">The type, or a prefix that ends in <c>.*</c>.</param>
/// <param name="Before">The entry that takes them in the version in force.</param>
/// <param name="Now">The entry that takes them in the document.</param>
/// <param name="Index">Its place.</param>
internal sealed record RouteChange(string Type, EventTypeConfiguration Before, EventTypeConfiguration Now, int Index)
{
    /// <summary>
    /// All types that both versions route, in the order of the version in force. The first match wins, so an entry that is put in
    /// front of a prefix changes where its events go, though the prefix stays as it was.
    /// </summary>
    public static IEnumerable<RouteChange> Of(Examination subject)
    {
        if (subject.Previous is not { } previous)
            yield break;
        var now = subject.Configuration.EventTypes;
        foreach (
            var type in previous.EventTypes.Concat(now).Select(entry => entry.Type).Distinct(StringComparer.Ordinal)
        )
            // A prefix matches itself, and thereby stands for what only it names.
            if (First(previous.EventTypes, type) is var before and >= 0 && First(now, type) is var index and >= 0)
                yield return new(type, previous.EventTypes[before], now[index], index);
    }

    /// <summary>Gives these events, and no others, another entry; null when there is no room for one.</summary>
    /// <param name="subject">What is examined.</param>
    /// <param name="entry">The entry that they should have.</param>
    /// <param name="member">The member in which it differs from <see cref="Now"/>, and its value.</param>
    public IReadOnlyList<PatchOperation>? Restore(
        Examination subject,
        EventTypeConfiguration entry,
        (string Name, string Value) member
    )
    {
        if (string.Equals(Now.Type, Type, StringComparison.Ordinal))
            return Fix.Set($"$.eventTypes[{Index}].{member.Name}", member.Value);
        // In front of the entry that takes them now.
        return subject.Configuration.EventTypes.Count < ConfigurationLimits.EventTypes.Maximum
            ? [Fix.InsertType(Index, entry with { Type = Type })]
            : null;
    }

    private static int First(IReadOnlyList<EventTypeConfiguration> entries, string type)
    {
        for (var index = 0; index < entries.Count; index++)
            if (entries[index].Matches(type))
                return index;
        return -1;
    }
}
