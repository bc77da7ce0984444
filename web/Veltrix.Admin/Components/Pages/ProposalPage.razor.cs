using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;
using Veltrix.Admin.Proposals;

namespace Veltrix.Admin.Components.Pages;

/// <summary>One proposal: what it changes, what the doctor says of it, and every act that it waits for.</summary>
public sealed partial class ProposalPage
{
    private const string DocumentMode = "document";

    /// <summary>Number of the proposal, from the address.</summary>
    [Parameter]
    public int Number { get; set; }

    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public ProposalView? View { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? Mode { get; set; }

    [Inject]
    private ProposalClient Client { get; set; } = null!;

    [Inject]
    private ConfigClient Configuration { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    private IReadOnlyList<PageAct> AllActs =>
        [
            new("Validate", _ => ActAsync(Client.ValidateAsync(Number, Left)))
            {
                NeedsReason = false,
                Done = "Validated; the result stands in the audit.",
            },
            new("Approve", reason => ActAsync(Client.ApproveAsync(Number, reason, Left))) { NeedsReason = false },
            new("Publish", reason => ActAsync(Client.PublishAsync(Number, reason, Left)))
            {
                NeedsReason = false,
                IsPrimary = true,
            },
            new("Withdraw", reason => ActAsync(Client.WithdrawAsync(Number, reason!, Left))),
        ];

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Watch(Live.Proposals);
        Watch(Live.Configuration);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View?.Number != Number)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnLiveAsync()
    {
        var proposals = Live.Proposals.Latest;
        var isOther =
            proposals.Value?.FirstOrDefault(proposal => proposal.Number == Number) is { } latest
            && latest != View?.Proposal;
        var hasMoved = Live.Configuration.Latest.Value is { } version && version.Number != View?.Current;
        var recovers = View?.Problem is { Status: not StatusCodes.Status404NotFound } && proposals.Problem is null;
        if (isOther || hasMoved || recovers)
            await LoadAsync();
    }

    private async Task<Problem?> ActAsync<T>(Task<Answer<T>> act)
        where T : class
    {
        var answer = await act;
        await LoadAsync();
        // What the doctor found stands on the page already.
        return answer.Problem is { } problem ? problem with { Findings = null } : null;
    }

    private Task LoadAsync() =>
        LoadOnceAsync(async () =>
        {
            ProposalView loaded;
            do
            {
                loaded = await ProposalView.LoadAsync(Client, Configuration, Number, Left);
            } while (loaded.Number != Number);
            // A failed reading leaves what is there.
            View = loaded.Proposal is null && View?.Number == Number ? View with { Problem = loaded.Problem } : loaded;
        });
}
