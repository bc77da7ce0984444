using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;
using Veltrix.Admin.Workflows;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Instances of the saga, newest first. State and page are in the address.</summary>
public sealed partial class WorkflowsPage
{
    private IReadOnlyDictionary<string, long>? _counts;

    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public HuntsView? View { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? State { get; set; }

    [SupplyParameterFromQuery(Name = "before")]
    private string? Before { get; set; }

    [Inject]
    private ProcessorClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Nothing =>
        (State, Before) switch
        {
            (null, null) => "No hunt has been started yet.",
            (not null, null) => $"No hunt is in the state {HuntStates.Label(State)}.",
            _ => "No more hunts.",
        };

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Hunts);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View is null || View.State != State || View.Before != Before)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnLiveAsync()
    {
        // The first page follows what happens; an older page stays still while somebody reads it.
        var counts = Live.Hunts.Latest.Value;
        var moved =
            _counts is not null && counts is not null && !counts.OrderBy(Key).SequenceEqual(_counts.OrderBy(Key));
        _counts = counts ?? _counts;
        var recovered = View?.Problem is not null && Live.Hunts.Latest.Problem is null;
        if ((moved && Before is null) || recovered)
            await LoadAsync();
    }

    private Task LoadAsync() =>
        LoadOnceAsync(async () =>
        {
            HuntsView loaded;
            do
            {
                loaded = await HuntsView.LoadAsync(Client, State, Before, Left);
            } while (loaded.State != State || loaded.Before != Before);
            View = loaded;
        });

    private static string Key(KeyValuePair<string, long> entry) => entry.Key;

    private string? CountOf(string? state) =>
        Live.Hunts.Latest.Value is { } counts
            ? Format.Count(state is null ? counts.Values.Sum() : counts.GetValueOrDefault(state))
            : null;

    private string Address(string? state, string? before) =>
        Navigation.GetUriWithQueryParameters(
            "workflows",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["state"] = state, ["before"] = before }
        );
}
