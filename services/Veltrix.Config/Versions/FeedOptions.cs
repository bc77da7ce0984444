namespace Veltrix.Config.Versions;

/// <summary>Section <c>Feed</c> of the service's own settings.</summary>
public sealed class FeedOptions
{
    public const string Section = "Feed";

    /// <summary>After how long without an announcement the store is asked for the newest version.</summary>
    public TimeSpan LongestSilence { get; set; } = TimeSpan.FromSeconds(30);
}
