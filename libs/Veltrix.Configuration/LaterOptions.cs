using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration;

/// <summary>
/// Options that came after the first format of the document. The canonical form leaves them out where they have their
/// default, so that a new option does not change the hash of a version that was stored without it. The price: such a
/// default can never change.
/// </summary>
internal static class LaterOptions
{
    // Optional in the first format already, and always written: their place in stored hashes stays.
    private static readonly HashSet<string> FirstFormat =
    [
        "maximumBodyBytes",
        "maximumBatchEvents",
        "maximumEventBytes",
        "maximumBytesInFlight",
        "workers",
        "maximumBatchBytes",
        "huntTimeoutMinutes",
    ];

    /// <summary>Whether a member is left out where it has its default, and that default.</summary>
    public static bool IsLater(JsonPropertyInfo property, out object? byDefault)
    {
        byDefault = property.AssociatedParameter?.DefaultValue;
        return property.AssociatedParameter is { HasDefaultValue: true } && !FirstFormat.Contains(property.Name);
    }
}
