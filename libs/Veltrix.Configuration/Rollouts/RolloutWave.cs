using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Veltrix.Configuration.Rollouts;

/// <summary>How many nodes get the candidate in one wave: a count, a percentage, or all, of the fleet or of one service.</summary>
/// <param name="Count">So many nodes more; null for no count.</param>
/// <param name="Percent">Until so much of the nodes have it, 1 to 100, rounded up; null for no percentage.</param>
/// <param name="Label">Name of a service whose nodes are meant; null for the whole fleet. Alone it means all of them.</param>
public sealed record RolloutWave(int? Count = null, int? Percent = null, string? Label = null)
{
    /// <summary>Most waves of one rollout.</summary>
    public const int MaximumWaves = 20;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Error() =>
        this switch
        {
            { Count: null, Percent: null, Label: null } => "A wave needs count, percent or label.",
            { Count: not null, Percent: not null } => "A wave has either count or percent.",
            { Count: < 1 } => "count is a whole number from 1.",
            { Percent: < 1 or > 100 } => "percent is a whole number from 1 to 100.",
            { Label: { } label } when !OneLine.Is(label, 128) => "label is the name of a service.",
            _ => null,
        };

    /// <summary>Reads what people write: <c>2</c>, <c>50%</c>, <c>processor</c>, <c>processor:1</c> or <c>processor:50%</c>.</summary>
    /// <param name="text">One wave.</param>
    /// <param name="wave">The wave; null when the result is false, which it also is where <see cref="Error"/> has something to say.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RolloutWave? wave)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (label, amount) = text.LastIndexOf(':') is > 0 and var colon
            ? (text[..colon], text[(colon + 1)..])
            : (null, text);
        wave =
            amount.EndsWith('%') && TryNumber(amount[..^1], out var percent)
                ? new RolloutWave(Percent: percent, Label: label)
            : TryNumber(amount, out var count) ? new RolloutWave(Count: count, Label: label)
            : label is null ? new RolloutWave(Label: text)
            : null;
        if (wave?.Error() is not null)
            wave = null;
        return wave is not null;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Names of the nodes that this wave adds: always the first by name, so that any replica chooses the same.</summary>
    /// <param name="fleet">The nodes that report: name and service.</param>
    /// <param name="released">Those that have the candidate already.</param>
    public IReadOnlyList<string> Choose(
        IReadOnlyCollection<(string Node, string Service)> fleet,
        IReadOnlySet<string> released
    )
    {
        var meant = fleet
            .Where(node => Label is null || string.Equals(node.Service, Label, StringComparison.Ordinal))
            .Select(node => node.Node)
            .Order(StringComparer.Ordinal)
            .ToList();
        var waiting = meant.Where(node => !released.Contains(node)).ToList();
        var target = (int)Math.Ceiling(meant.Count * (Percent ?? 100) / 100.0);
        var more = Count ?? Math.Max(0, target - (meant.Count - waiting.Count));
        return [.. waiting.Take(more)];
    }
}
