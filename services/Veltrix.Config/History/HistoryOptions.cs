namespace Veltrix.Config.History;

/// <summary>Section <c>History</c> of the service's own settings.</summary>
internal sealed class HistoryOptions
{
    public const string Section = "History";

    /// <summary>How often the whole history is verified.</summary>
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromHours(1);
}
