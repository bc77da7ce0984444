using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Components.Shared;

/// <summary>A problem document for people: title, code, what happened, what to do, every finding.</summary>
public sealed partial class ProblemNote
{
    /// <summary>Nothing is drawn without one.</summary>
    [Parameter, EditorRequired]
    public Problem? Problem { get; set; }

    /// <summary>Words before the title, for instance how old the data on the page is.</summary>
    [Parameter]
    public string? Lead { get; set; }

    /// <summary>Something is shown all the same, though it may be old.</summary>
    [Parameter]
    public bool Quiet { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
