using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Configurations;
using Veltrix.Admin.Live;
using Veltrix.Configuration;

namespace Veltrix.Admin.Components.Pages;

/// <summary>The configuration in force, every version before it, and what the nodes run. What is shown is in the address.</summary>
public sealed partial class ConfigurationPage
{
    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public ConfigurationView? View { get; set; }

    [SupplyParameterFromQuery(Name = "version")]
    private int? Version { get; set; }

    [SupplyParameterFromQuery(Name = "before")]
    private int? Before { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? Mode { get; set; }

    [Inject]
    private ConfigClient Client { get; set; } = null!;

    [Inject]
    private ProposalClient Proposals { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private bool Changes => Mode == "changes";

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Watch(Live.Nodes);
        Watch(Live.Configuration);
        Watch(Live.Policy);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View is null || View.Wanted != Version || View.Before != Before)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnLiveAsync()
    {
        // Somebody published: the page follows. After a failure it recovers by itself in the same way.
        if (
            Live.Configuration.Latest is { Problem: null, Value: { } current }
            && current.Number != View?.Current?.Number
        )
            await LoadAsync();
    }

    private Task LoadAsync() =>
        LoadOnceAsync(async () =>
        {
            ConfigurationView loaded;
            do
            {
                loaded = await ConfigurationView.LoadAsync(Client, Version, Before, Left);
            } while (loaded.Wanted != Version || loaded.Before != Before);
            View = loaded;
        });

    private IReadOnlyList<PageAct> ReturnTo(ConfigurationVersion version, int current) =>
        [
            new(
                "Roll back",
                reason => DoAsync(Proposals.RollBackAsync(version.Number, current, reason!, Left), _ => "configuration")
            ),
            new(
                "Propose its document",
                reason =>
                    DoAsync(
                        Proposals.ProposeAsync(
                            JsonSerializer.SerializeToElement(
                                version.Configuration,
                                ConfigurationJson.Default.PlatformConfiguration
                            ),
                            isPatch: false,
                            reason!,
                            current,
                            Left
                        ),
                        proposal => $"proposals/{proposal.Number}"
                    )
            ),
        ];

    private async Task<Problem?> DoAsync<T>(Task<Answer<T>> act, Func<T, string> next)
        where T : class
    {
        var answer = await act;
        if (answer.IsSuccess)
            Navigation.NavigateTo(next(answer.Value));
        return answer.Problem;
    }

    private string Address(int? version, int? before, bool changes) =>
        Navigation.GetUriWithQueryParameters(
            "configuration",
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["version"] = version,
                ["before"] = before,
                ["view"] = changes ? "changes" : null,
            }
        );
}
