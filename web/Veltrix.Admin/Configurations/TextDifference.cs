using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Veltrix.Admin.Configurations;

/// <summary>What became of a line.</summary>
public enum LineChange
{
    /// <summary>It is the same in both.</summary>
    Same,

    /// <summary>Only the new text has it.</summary>
    Added,

    /// <summary>Only the old text has it.</summary>
    Removed,

    /// <summary>Stands for lines that are the same and not shown.</summary>
    Skipped,
}

/// <summary>A line of a difference.</summary>
public sealed record DifferenceLine(LineChange Change, string Text);

/// <summary>Differences of two texts, line by line, with a little of what stands around them.</summary>
internal static class TextDifference
{
    private const int LinesAround = 3;

    /// <summary>Empty when the texts are the same.</summary>
    public static IReadOnlyList<DifferenceLine> Between(string before, string after)
    {
        var lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(before, after).Lines;
        var changed = lines
            .Select((line, index) => (line, index))
            .Where(item => item.line.Type != ChangeType.Unchanged);
        var shown = changed
            .SelectMany(item => Enumerable.Range(item.index - LinesAround, 2 * LinesAround + 1))
            .ToHashSet();
        var result = new List<DifferenceLine>();
        for (var index = 0; index < lines.Count && shown.Count > 0; index++)
        {
            if (shown.Contains(index))
                result.Add(new DifferenceLine(Kind(lines[index].Type), lines[index].Text ?? ""));
            else if (result.Count == 0 || result[^1].Change != LineChange.Skipped)
                result.Add(new DifferenceLine(LineChange.Skipped, "…"));
        }
        return result;
    }

    private static LineChange Kind(ChangeType type) =>
        type switch
        {
            ChangeType.Inserted => LineChange.Added,
            ChangeType.Deleted => LineChange.Removed,
            _ => LineChange.Same,
        };
}
