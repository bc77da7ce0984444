namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>One field of one answer in which the brokers differ.</summary>
/// <param name="Scenario">Of <see cref="Scenarios"/>.</param>
/// <param name="Step">The question.</param>
/// <param name="Field">The path of the field in the answer.</param>
/// <param name="Values">What the field says; <see cref="Absent"/> where an answer has none.</param>
/// <param name="Answers">The whole answers, on one line each.</param>
internal sealed record Difference(string Scenario, string Step, string Field, Both Values, Both Answers)
{
    /// <summary>Of an answer that is no structure: it has but one value, which is also that of all of it.</summary>
    public const string WholeAnswer = "answer";

    public const string Absent = "absent";

    public static IEnumerable<Difference> Between(
        string scenario,
        IReadOnlyList<string> kafka,
        IReadOnlyList<string> veltrix
    )
    {
        var (theirs, ours) = (ByStep(kafka), ByStep(veltrix));
        return from step in theirs.Keys.Union(ours.Keys, StringComparer.Ordinal)
            let their = theirs.GetValueOrDefault(step) ?? []
            let our = ours.GetValueOrDefault(step) ?? []
            from field in their.Keys.Union(our.Keys, StringComparer.Ordinal)
            let values = new Both(their.GetValueOrDefault(field, Absent), our.GetValueOrDefault(field, Absent))
            where values.Kafka != values.Veltrix
            select new Difference(scenario, step, field, values, new Both(Told(their), Told(our)));
    }

    /// <summary>The steps to which nothing came.</summary>
    public static IReadOnlySet<string> Unanswered(IEnumerable<string> answers) =>
        ByStep(answers)
            .Where(step => step.Value.GetValueOrDefault(WholeAnswer) == Dialogue.NoAnswer)
            .Select(step => step.Key)
            .ToHashSet(StringComparer.Ordinal);

    public override string ToString() => $"| {Scenario} | {Step} | {Field} | {Values.Kafka} | {Values.Veltrix} | why |";

    private static Dictionary<string, Dictionary<string, string>> ByStep(IEnumerable<string> answers) =>
        // step: field = value
        answers
            .Select(line => line.Split(": ", 2))
            .GroupBy(parts => parts[0], parts => parts[1].Split(" = ", 2), StringComparer.Ordinal)
            .ToDictionary(
                step => step.Key,
                step => step.ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal),
                StringComparer.Ordinal
            );

    private static string Told(Dictionary<string, string> answer) =>
        answer.Count == 0
            ? Absent
            : answer.GetValueOrDefault(WholeAnswer)
                ?? string.Join(", ", answer.Select(field => $"{field.Key} = {field.Value}"));
}

/// <summary>The same of both brokers.</summary>
internal readonly record struct Both(string Kafka, string Veltrix);
