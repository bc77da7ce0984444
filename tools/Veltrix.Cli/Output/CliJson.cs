using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Veltrix.Cli.Diagnosing;
using Veltrix.Cli.Fleet;
using Veltrix.Cli.Hunts;
using Veltrix.Cli.Load;
using Veltrix.Cli.Platform;
using Veltrix.Cli.Processor;
using Veltrix.Cli.Send;
using Veltrix.Cli.Watchers;

namespace Veltrix.Cli.Output;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlatformFile))]
[JsonSerializable(typeof(Accounting))]
[JsonSerializable(typeof(HuntState))]
[JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(SendSummary))]
[JsonSerializable(typeof(HuntsSummary))]
[JsonSerializable(typeof(WatchersResult))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(NodeDetail))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CliJson : JsonSerializerContext;
