using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Live;
using Veltrix.Admin.Rollouts;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Starts the rollout of a proposal; the proposal is in the address.</summary>
public sealed partial class NewRolloutPage
{
    private readonly NewRollout _form = new();
    private Problem? _problem;
    private bool _isBusy;

    [SupplyParameterFromQuery(Name = "proposal")]
    private int? Proposal { get; set; }

    [Inject]
    private RolloutClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IEnumerable<Proposal> Waiting =>
        (Live.Proposals.Latest.Value ?? []).Where(proposal =>
            proposal.State is ProposalState.Open or ProposalState.Approved
        );

    private string? Chosen =>
        Waiting.FirstOrDefault(proposal => proposal.Number == _form.Proposal) is { } proposal
            ? $"“{proposal.Reason}”, by {proposal.Author}, made from version {proposal.Base}."
            : null;

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Proposals);

    /// <inheritdoc/>
    protected override void OnParametersSet() => _form.Proposal ??= Proposal;

    private async Task StartAsync()
    {
        if (_isBusy || _form.Request() is not { } request)
            return;
        _isBusy = true;
        try
        {
            var answer = await Client.StartAsync(request, Left);
            _problem = answer.Problem;
            if (answer.Value is { } rollout)
                Navigation.NavigateTo($"rollouts/{rollout.Number}");
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

    private static string? Invalid(string? mistake) => mistake is null ? null : "true";
}
