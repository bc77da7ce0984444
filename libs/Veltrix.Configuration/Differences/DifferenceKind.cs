using System.Text.Json.Serialization;

namespace Veltrix.Configuration.Differences;

/// <summary>How two configurations differ in one place.</summary>
public enum DifferenceKind
{
    /// <summary>It is new.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>It is gone.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>It has another value.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>The entries that both lists have stand in another order.</summary>
    [JsonStringEnumMemberName("reordered")]
    Reordered,
}
