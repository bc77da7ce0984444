using System.Text.Json.Serialization;

namespace Veltrix.Configuration;

/// <summary>A node as the configuration service sees it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Service">Name of its service.</param>
/// <param name="Condition">How it stands to the version in force.</param>
/// <param name="Since">Since when that is so, UTC, by the clock of the configuration service.</param>
/// <param name="Detail">The condition in a sentence, with the numbers.</param>
/// <param name="Report">Its last report.</param>
public sealed record FleetNode(
    string Node,
    string Service,
    NodeCondition Condition,
    DateTimeOffset Since,
    string Detail,
    NodeReport Report
);

/// <summary>How a node stands to the version in force.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeCondition>))]
public enum NodeCondition
{
    /// <summary>It runs the version in force, or has still time to.</summary>
    [JsonStringEnumMemberName("current")]
    Current,

    /// <summary>It runs an older version, beyond its grace.</summary>
    [JsonStringEnumMemberName("lagging")]
    Lagging,

    /// <summary>It runs something else than the history has under that number.</summary>
    [JsonStringEnumMemberName("drifted")]
    Drifted,

    /// <summary>It was given the version in force and did not take it.</summary>
    [JsonStringEnumMemberName("refusing")]
    Refusing,

    /// <summary>It stopped reporting.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,
}
