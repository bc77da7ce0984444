using System.Text.Json.Serialization;

namespace Veltrix.Configuration;

/// <summary>Who must have a record before it counts as written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProducerAcks>))]
public enum ProducerAcks
{
    /// <summary>Every replica that is in sync.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>The leading broker alone.</summary>
    [JsonStringEnumMemberName("leader")]
    Leader,

    /// <summary>Nobody: a record counts as written when it was sent.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
