using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Configuration;

namespace Veltrix.Admin.Components.Shared;

/// <summary>Acts that share one reason. One at a time; what stood in the way is shown, and the reason stays.</summary>
public sealed partial class Acts
{
    private string? _reason;
    private string? _mistake;
    private string? _done;
    private Problem? _problem;
    private bool _isBusy;

    /// <summary>Buttons, in their order.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<PageAct> All { get; set; } = [];

    /// <summary>Id of the reason's field; of its own where a page has several of these.</summary>
    [Parameter]
    public string Id { get; set; } = "reason";

    private async Task RunAsync(PageAct act)
    {
        if (_isBusy)
            return;
        var reason = string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim();
        (_problem, _done) = (null, null);
        _mistake = reason is null && act.NeedsReason ? "Say why: the reason stays in the audit for ever." : null;
        if (_mistake is not null)
            return;
        _isBusy = true;
        try
        {
            _problem = await act.RunAsync(reason);
            if (_problem is null)
                (_reason, _done) = (null, act.Done);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        finally
        {
            _isBusy = false;
        }
    }
}
