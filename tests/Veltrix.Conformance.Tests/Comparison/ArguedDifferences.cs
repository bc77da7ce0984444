using System.IO.Enumeration;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>A row of the table of differences; a star stands for anything.</summary>
internal sealed record ArguedDifference(string Scenario, string Step, string Field, string Kafka, string Veltrix)
{
    public bool Covers(Difference difference) =>
        Matches(Scenario, difference.Scenario)
        && Matches(Step, difference.Step)
        && Matches(Field, difference.Field)
        && Matches(Kafka, difference.Kafka ?? "absent")
        && Matches(Veltrix, difference.Veltrix ?? "absent");

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text);
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
            rows.Add(new ArguedDifference(cells[0], cells[1], cells[2], cells[3], cells[4]));
        }
        return rows;
    }
}
