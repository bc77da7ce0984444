using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Components.Pages;

/// <summary>What stands in the way of publications, and how to change that.</summary>
public sealed partial class PolicyPage
{
    private Problem? _problem;
    private string? _path;

    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public PublicationPolicy? View { get; set; }

    [Inject]
    private PolicyClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    private IReadOnlyList<PageAct> PinActs =>
        [
            new("Pin", reason => ActAsync(Client.PinAsync(Path, reason!, Left))) { IsPrimary = true },
            new("Release", reason => ActAsync(Client.UnpinAsync(Path, reason!, Left))),
        ];

    private string Path => _path?.Trim() ?? "";

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Policy);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View is null)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override Task OnLiveAsync()
    {
        var latest = Live.Policy.Latest;
        (View, _problem) = (latest.Value ?? View, latest.Problem);
        return Task.CompletedTask;
    }

    private PageAct Freeze(bool isFrozen) =>
        new(isFrozen ? "Freeze" : "Unfreeze", reason => ActAsync(Client.FreezeAsync(isFrozen, reason!, Left)));

    private IReadOnlyList<PageAct> FourEyesActs(PublicationPolicy policy) =>
        policy switch
        {
            { FourEyes: false } => [FourEyes("Require four eyes", isRequired: true)],
            { Waiver: null } => [FourEyes("Ask to require them no longer", isRequired: false)],
            _ => [FourEyes("Agree", isRequired: false), FourEyes("Keep them", isRequired: true)],
        };

    private PageAct FourEyes(string name, bool isRequired) =>
        new(name, reason => ActAsync(Client.RequireFourEyesAsync(isRequired, reason!, Left)));

    private async Task<Problem?> ActAsync<T>(Task<Answer<T>> act)
        where T : class
    {
        var answer = await act;
        if (answer.IsSuccess)
            await LoadAsync();
        return answer.Problem;
    }

    private async Task LoadAsync()
    {
        try
        {
            var answer = await Client.PolicyAsync(Left);
            (View, _problem) = (answer.Value ?? View, answer.Problem);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }
}
