using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Configurations;
using Veltrix.Admin.Live;
using Veltrix.Configuration;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Edits the configuration in force, and proposes or publishes the result. How the change is written is in the address.</summary>
public sealed partial class PublishPage
{
    private const string PatchForm = "patch";
    private PublishModel _model = null!;

    [SupplyParameterFromQuery(Name = "as")]
    private string? Form { get; set; }

    [Inject]
    private ProposalClient Proposals { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ConfigClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _model = new PublishModel(Client, Proposals);
        Watch(Live.Nodes);
        // What somebody types before the page is interactive would be lost, so the form only comes with it.
        if (RendererInfo.IsInteractive)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _model.IsPatch = Form == PatchForm;

    private Task LoadAsync() => StepAsync(_model.LoadAsync);

    private Task PublishAsync() => StepAsync(_model.PublishAsync);

    private async Task ProposeAsync()
    {
        await StepAsync(_model.ProposeAsync);
        if (_model.Proposed is { } proposal)
            Navigation.NavigateTo($"proposals/{proposal.Number}");
    }

    private async Task StepAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            await step(Left);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private string Applied(ConfigurationVersion published)
    {
        var nodes = Live.Fleet.Nodes.Where(node => !node.IsSilent).ToList();
        var follow = nodes.Count(node => node.Report.Version >= published.Number);
        return nodes.Count == 0
            ? "No node reports at the moment; each follows when it is back."
            : $"{follow} of {Format.Plural(nodes.Count, "node")} run it.";
    }

    private static string? Invalid(string? mistake) => mistake is null ? null : "true";
}
