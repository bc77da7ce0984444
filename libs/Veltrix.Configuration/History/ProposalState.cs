using System.Text.Json.Serialization;

namespace Veltrix.Configuration.History;

/// <summary>How far a proposal is.</summary>
public enum ProposalState
{
    /// <summary>It waits.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Somebody approved it; it can still be published or withdrawn.</summary>
    [JsonStringEnumMemberName("approved")]
    Approved,

    /// <summary>It became a version.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>It will never be published.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}
