namespace Veltrix.Cli.Ingest;

/// <summary>What ingest says about one event.</summary>
internal enum OutcomeStatus
{
    /// <summary>Nothing yet.</summary>
    None,
    Accepted,
    Duplicate,
    Quarantined,
    Rejected,
    Throttled,
    Unavailable,
}

/// <summary>The outcome of one event; code and detail where it was not accepted.</summary>
internal readonly record struct EventOutcome(OutcomeStatus Status, string? Code = null, string? Detail = null)
{
    /// <summary>Ingest has taken responsibility for it.</summary>
    public bool IsAcknowledged => Status is OutcomeStatus.Accepted or OutcomeStatus.Duplicate;

    /// <summary>Sending it again may help.</summary>
    public bool MayRetry => Status is OutcomeStatus.Throttled or OutcomeStatus.Unavailable;
}
