using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Configurations;

namespace Veltrix.Admin.Components.Shared;

/// <summary>A difference of two texts; marks, not colours alone, say what was added and removed.</summary>
public sealed partial class Difference
{
    [Parameter, EditorRequired]
    public IReadOnlyList<DifferenceLine> Lines { get; set; } = [];

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What is said when there is no difference.</summary>
    [Parameter]
    public string Empty { get; set; } = "No difference.";

    private static char Mark(LineChange change) =>
        change switch
        {
            LineChange.Added => '+',
            LineChange.Removed => '-',
            _ => ' ',
        };
}
