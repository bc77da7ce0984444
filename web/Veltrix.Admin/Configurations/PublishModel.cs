using System.Diagnostics.CodeAnalysis;
using Veltrix.Admin.Clients;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Admin.Configurations;

/// <summary>
/// The change of one configuration from loading to publishing or proposing it. Whatever fails, the text and the reason
/// that somebody wrote stay.
/// </summary>
internal sealed class PublishModel(ConfigClient client, ProposalClient proposals)
{
    private string? _originalText;

    /// <summary>The version that the text was made from; null until it is loaded.</summary>
    public ConfigurationVersion? Base { get; private set; }

    /// <summary>The document as it is edited.</summary>
    public string Text { get; set; } = "";

    /// <summary>The change as a merge patch, for who would rather write only that.</summary>
    public string PatchText { get; set; } = "{\n  \n}";

    /// <summary>Whether <see cref="PatchText"/> is what counts, instead of <see cref="Text"/>.</summary>
    public bool IsPatch { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>A request is under way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Why the last step failed.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>What is wrong with the reason.</summary>
    public string? ReasonMistake { get; private set; }

    /// <summary>What is wrong with the text before the service has seen it.</summary>
    public string? TextMistake { get; private set; }

    /// <summary>The version that somebody else published meanwhile.</summary>
    public ConfigurationVersion? Newer { get; private set; }

    /// <summary>The version that this change became.</summary>
    public ConfigurationVersion? Published { get; private set; }

    /// <summary>The proposal that this change became.</summary>
    public Proposal? Proposed { get; private set; }

    /// <summary>Workers of the processor, read from and written into the text.</summary>
    public int? Workers
    {
        get => ConfigurationText.Workers(Text);
        set
        {
            if (value is { } workers)
                Text = ConfigurationText.WithWorkers(Text, workers);
        }
    }

    [MemberNotNullWhen(true, nameof(Base))]
    public bool IsLoaded => Base is not null;

    /// <summary>What publishing would change, against the version that the text was made from.</summary>
    public IReadOnlyList<DifferenceLine> Changes =>
        _originalText is null ? [] : TextDifference.Between(_originalText, IsPatch ? Patched() : Text);

    /// <summary>What the other version changed, against the one that the text was made from.</summary>
    public IReadOnlyList<DifferenceLine> NewerChanges =>
        Newer is null || _originalText is null
            ? []
            : TextDifference.Between(_originalText, ConfigurationText.Of(Newer.Configuration));

    public async Task LoadAsync(CancellationToken cancellation)
    {
        var answer = await BusyAsync(() => client.CurrentAsync(cancellation));
        Problem = answer.Problem;
        if (answer.IsSuccess)
            StartFrom(answer.Value);
    }

    public async Task PublishAsync(CancellationToken cancellation)
    {
        if (IsBusy || !IsLoaded || !Check(out var document))
            return;
        var answer = await BusyAsync(() =>
            client.PublishAsync(document.Value, Reason.Trim(), Base.Number, cancellation)
        );
        Problem = answer.Problem;
        if (answer.IsSuccess)
        {
            Published = answer.Value;
            StartFrom(answer.Value);
            Reason = "";
        }
        else
            await LookForNewerAsync(answer.Problem, cancellation);
    }

    public async Task ProposeAsync(CancellationToken cancellation)
    {
        if (IsBusy || !IsLoaded || !Check(out var body))
            return;
        var answer = await BusyAsync(() =>
            proposals.ProposeAsync(body.Value, IsPatch, Reason.Trim(), Base.Number, cancellation)
        );
        (Proposed, Problem) = (answer.Value, answer.Problem);
        if (answer.Problem is { } problem)
            await LookForNewerAsync(problem, cancellation);
    }

    private async Task LookForNewerAsync(Problem problem, CancellationToken cancellation)
    {
        if (problem.Code == ErrorCatalogue.StaleVersion.Code)
            Newer = (await BusyAsync(() => client.CurrentAsync(cancellation))).Value;
    }

    private string Patched() =>
        ConfigurationText.TryParse(PatchText, out var patch, out _)
            ? ConfigurationText.WithPatch(Base!.Configuration, patch.Value)
            : _originalText!;

    /// <summary>Keeps the text and puts it on top of the newer version: what that one changed is undone where the text differs.</summary>
    public void KeepText()
    {
        if (Newer is null)
            return;
        Base = Newer;
        _originalText = ConfigurationText.Of(Newer.Configuration);
        (Newer, Problem) = (null, null);
    }

    /// <summary>Throws the text away and begins from the newer version; the reason stays.</summary>
    public void StartOver()
    {
        if (Newer is not null)
            StartFrom(Newer);
        Problem = null;
    }

    private void StartFrom(ConfigurationVersion version)
    {
        Base = version;
        Text = _originalText = ConfigurationText.Of(version.Configuration);
        Newer = null;
    }

    private bool Check([NotNullWhen(true)] out System.Text.Json.JsonElement? document)
    {
        (Problem, Newer, Published) = (null, null, null);
        ReasonMistake = Reason.Trim().Length switch
        {
            0 => "Say why: the reason stays with the version for ever.",
            > Publication.MaximumReasonCharacters => $"At most {Publication.MaximumReasonCharacters} characters.",
            _ => null,
        };
        var parsed = ConfigurationText.TryParse(IsPatch ? PatchText : Text, out document, out var mistake);
        TextMistake = mistake;
        return parsed && ReasonMistake is null;
    }

    private async Task<T> BusyAsync<T>(Func<Task<T>> step)
    {
        IsBusy = true;
        try
        {
            return await step();
        }
        finally
        {
            IsBusy = false;
        }
    }
}
