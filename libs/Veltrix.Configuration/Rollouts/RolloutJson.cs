using System.Text.Json;
using System.Text.Json.Serialization;

namespace Veltrix.Configuration.Rollouts;

/// <summary>Source-generated JSON of rollouts: camelCase, unknown members refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(Rollout))]
[JsonSerializable(typeof(IReadOnlyList<Rollout>))]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(IReadOnlyList<RolloutWave>))]
[JsonSerializable(typeof(IReadOnlyList<RolloutNode>))]
[JsonSerializable(typeof(IReadOnlyList<RolloutEvidence>))]
public sealed partial class RolloutJson : JsonSerializerContext;
