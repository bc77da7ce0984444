using System.Text.Json.Serialization;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>The configuration must not be published.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>It may be published for a stated reason.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It would be better otherwise.</summary>
    [JsonStringEnumMemberName("advice")]
    Advice,
}
