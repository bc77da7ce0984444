namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>One field of one answer in which the brokers differ; null where an answer has no such field.</summary>
/// <param name="Scenario">Of <see cref="Scenarios"/>.</param>
/// <param name="Step">The question.</param>
/// <param name="Field">The path of the field in the answer.</param>
/// <param name="Kafka">Apache Kafka's.</param>
/// <param name="Veltrix">Ours.</param>
internal sealed record Difference(string Scenario, string Step, string Field, string? Kafka, string? Veltrix)
{
    public static IEnumerable<Difference> Between(
        string scenario,
        IReadOnlyList<string> kafka,
        IReadOnlyList<string> veltrix
    )
    {
        var (theirs, ours) = (ByField(kafka), ByField(veltrix));
        return from field in theirs.Keys.Union(ours.Keys, StringComparer.Ordinal)
            let pair = (Their: theirs.GetValueOrDefault(field), Our: ours.GetValueOrDefault(field))
            where pair.Their != pair.Our
            let names = field.Split(": ", 2)
            select new Difference(scenario, names[0], names[1], pair.Their, pair.Our);
    }

    public override string ToString() =>
        $"| {Scenario} | {Step} | {Field} | {Kafka ?? "absent"} | {Veltrix ?? "absent"} | why |";

    private static Dictionary<string, string> ByField(IEnumerable<string> answers) =>
        answers
            .Select(line => line.Split(" = ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
