using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Live;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Proposals, newest first; the page is in the address. The newest page follows what happens, an older one stays still while somebody reads it.</summary>
public sealed partial class ProposalsPage
{
    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public ListPage<Proposal>? View { get; set; }

    [SupplyParameterFromQuery(Name = "before")]
    private int? Before { get; set; }

    [Inject]
    private ProposalClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Proposals);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View is null || View.Before != Before)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnLiveAsync()
    {
        // What was read last stays, though it is old, when nothing new can be read.
        var latest = Live.Proposals.Latest;
        if (Before is null)
            View = ListPage<Proposal>.Of(null, latest.Value ?? View?.Items, latest.Problem);
        else if (View?.Problem is not null && latest.Problem is null)
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            var before = Before;
            var answer = await Client.ListAsync(before, ListPage<Proposal>.Size + 1, Left);
            if (before == Before)
                View = ListPage<Proposal>.Of(before, answer.Value, answer.Problem);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }
}
