using System.Text.Json;
using System.Text.Json.Serialization;
using Veltrix.Configuration.Differences;

namespace Veltrix.Configuration.History;

/// <summary>Source-generated JSON of what the configuration service says about versions and proposals.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(HistoryVerdict))]
[JsonSerializable(typeof(Proposal))]
[JsonSerializable(typeof(IReadOnlyList<Proposal>))]
[JsonSerializable(typeof(ProposalDocument))]
[JsonSerializable(typeof(ProposalVerdict))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
[JsonSerializable(typeof(PublicationPolicy))]
[JsonSerializable(typeof(Pin))]
[JsonSerializable(typeof(ConfigurationDifferences))]
public sealed partial class HistoryJson : JsonSerializerContext;
