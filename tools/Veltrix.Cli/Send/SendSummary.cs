namespace Veltrix.Cli.Send;

/// <summary>What became of the lines.</summary>
/// <param name="Events">Lines that were not blank.</param>
/// <param name="Accepted">Accepted now.</param>
/// <param name="Duplicates">Accepted before; ingest knew them already.</param>
/// <param name="Failed">Neither.</param>
/// <param name="Errors">The first <see cref="MaximumErrors"/> failures, in the order of the lines.</param>
internal sealed record SendSummary(
    long Events,
    long Accepted,
    long Duplicates,
    long Failed,
    IReadOnlyList<LineError> Errors
)
{
    public const int MaximumErrors = 100;
}

/// <summary>Why a line was not accepted.</summary>
internal sealed record LineError(long Line, string Code, string? Detail);
