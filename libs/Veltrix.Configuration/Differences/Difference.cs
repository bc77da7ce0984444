using System.Text.Json;

namespace Veltrix.Configuration.Differences;

/// <summary>One place where two configurations differ.</summary>
/// <param name="Path">Where: entries of a list are named by their <c>name</c> or <c>type</c>, for instance <c>$.clusters['kafka'].topics['hunts'].partitions</c>.</param>
/// <param name="Kind">How.</param>
/// <param name="Before">The value before; null when it was not there. Of reordered entries, their names in order.</param>
/// <param name="After">The value after; null when it is gone. Of reordered entries, their names in order.</param>
/// <param name="Unit">The option's unit, in words; null for a section or an entry of a list.</param>
public sealed record Difference(
    string Path,
    DifferenceKind Kind,
    JsonElement? Before,
    JsonElement? After,
    string? Unit = null
);
