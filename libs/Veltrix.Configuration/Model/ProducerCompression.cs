using System.Text.Json.Serialization;

namespace Veltrix.Configuration;

/// <summary>How batches of records are compressed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProducerCompression>))]
public enum ProducerCompression
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>gzip.</summary>
    [JsonStringEnumMemberName("gzip")]
    Gzip,

    /// <summary>Snappy.</summary>
    [JsonStringEnumMemberName("snappy")]
    Snappy,

    /// <summary>LZ4.</summary>
    [JsonStringEnumMemberName("lz4")]
    Lz4,

    /// <summary>Zstandard.</summary>
    [JsonStringEnumMemberName("zstd")]
    Zstd,
}
