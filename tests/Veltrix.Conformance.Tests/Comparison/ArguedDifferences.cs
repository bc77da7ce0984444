using System.IO.Enumeration;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>A row of the table of differences; a star stands for anything.</summary>
/// <param name="Scenario">Of <see cref="Scenarios"/>.</param>
/// <param name="Step">The question.</param>
/// <param name="Field">A field's path; <see cref="Difference.WholeAnswer"/>: the row is about all of the answer.</param>
/// <param name="Kafka">What Apache Kafka says there.</param>
/// <param name="Veltrix">What ours does.</param>
internal sealed record ArguedDifference(string Scenario, string Step, string Field, string Kafka, string Veltrix)
{
    /// <summary>Whether another answer, on either side, would be another row.</summary>
    public bool SaysSomething => !new[] { Field, Kafka, Veltrix }.Any(cell => cell.Trim('*', '.', ' ').Length == 0);

    public bool Covers(Difference difference)
    {
        var isWhole = Field == Difference.WholeAnswer;
        var said = isWhole ? difference.Answers : difference.Values;
        return Matches(Scenario, difference.Scenario)
            && Matches(Step, difference.Step)
            && (isWhole || Matches(Field, difference.Field))
            && Matches(Kafka, said.Kafka)
            && Matches(Veltrix, said.Veltrix);
    }

    private static bool Matches(string pattern, string text) =>
        FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}

/// <summary>The table of docs/broker-differences.md: what is different on purpose, and why.</summary>
internal static class ArguedDifferences
{
    public const string File = "docs/broker-differences.md";
    private const int Columns = 6;

    public static IReadOnlyList<ArguedDifference> All { get; } = Read();

    public static bool Contain(Difference difference) => All.Any(argued => argued.Covers(difference));

    private static List<ArguedDifference> Read()
    {
        var rows = new List<ArguedDifference>();
        foreach (var line in System.IO.File.ReadLines(Path.Combine(Repository.Root, File)))
        {
            var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (!line.StartsWith('|') || cells.Length != Columns || cells[0] == "scenario" || cells[0].StartsWith("--"))
                continue;
            cells[5].ShouldNotBeEmpty($"no reason: {line}");
            var row = new ArguedDifference(cells[0], cells[1], cells[2], cells[3], cells[4]);
            row.SaysSomething.ShouldBeTrue($"stars only: {line}");
            rows.Add(row);
        }
        return rows;
    }
}
