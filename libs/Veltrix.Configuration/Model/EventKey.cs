using System.Text.Json.Serialization;

namespace Veltrix.Configuration;

/// <summary>Which attribute of an event is its record's key. Events of one key lie in one partition and are handled in order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKey>))]
public enum EventKey
{
    /// <summary>The extension <c>partitionkey</c>, else <c>subject</c>, else <c>id</c>.</summary>
    [JsonStringEnumMemberName("partitionkey")]
    PartitionKey,

    /// <summary><c>subject</c>, else <c>id</c>, whatever <c>partitionkey</c> a producer sends.</summary>
    [JsonStringEnumMemberName("subject")]
    Subject,

    /// <summary><c>source</c>: everything that one source sends stays in order.</summary>
    [JsonStringEnumMemberName("source")]
    Source,

    /// <summary><c>id</c>: no two events have a key in common, so none has an order.</summary>
    [JsonStringEnumMemberName("id")]
    Id,
}
