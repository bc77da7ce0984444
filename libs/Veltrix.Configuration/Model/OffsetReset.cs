using System.Text.Json.Serialization;

namespace Veltrix.Configuration;

/// <summary>Where a group without a committed offset begins.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OffsetReset>))]
public enum OffsetReset
{
    /// <summary>At the oldest record that is kept.</summary>
    [JsonStringEnumMemberName("earliest")]
    Earliest,

    /// <summary>At the next record: what is there already is skipped.</summary>
    [JsonStringEnumMemberName("latest")]
    Latest,
}
