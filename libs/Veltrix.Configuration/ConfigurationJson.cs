using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration;

/// <summary>Source-generated JSON of the configuration: camelCase, unknown members refused, constructor parameters without default required.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(PlatformConfiguration))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(LimitsConfiguration))]
[JsonSerializable(typeof(TrafficConfiguration))]
[JsonSerializable(typeof(Diagnosis))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(Topology))]
[JsonSerializable(typeof(ConfigurationVersion))]
[JsonSerializable(typeof(IReadOnlyList<ConfigurationVersion>))]
[JsonSerializable(typeof(Publication))]
[JsonSerializable(typeof(IReadOnlyList<ConfigurationError>))]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(IReadOnlyList<NodeReport>))]
[JsonSerializable(typeof(FleetNode))]
[JsonSerializable(typeof(IReadOnlyList<FleetNode>))]
[JsonSerializable(typeof(IReadOnlyList<ReceivedReport>))]
[JsonSerializable(typeof(IReadOnlyList<NodeMinute>))]
public sealed partial class ConfigurationJson : JsonSerializerContext;
