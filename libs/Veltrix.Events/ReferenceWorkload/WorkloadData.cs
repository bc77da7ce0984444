using System.Text.Json;
using System.Text.Json.Serialization;

namespace Veltrix.Events.ReferenceWorkload;

/// <summary>Data of <see cref="WorkloadEventTypes.HuntStarted"/>.</summary>
/// <param name="Name">What the hunt is called.</param>
/// <param name="Clues">How many clues lead to the treasure, at least 1.</param>
public sealed record HuntStarted(string Name, int Clues);

/// <summary>Data of <see cref="WorkloadEventTypes.ClueFound"/>.</summary>
/// <param name="Player">Who found it.</param>
/// <param name="Clue">Number of the clue, from 1.</param>
public sealed record ClueFound(string Player, int Clue);

/// <summary>Data of <see cref="WorkloadEventTypes.TreasureClaimed"/>.</summary>
/// <param name="Player">Who claimed it.</param>
/// <param name="Points">What the treasure is worth.</param>
public sealed record TreasureClaimed(string Player, int Points);

/// <summary>Data of <see cref="WorkloadEventTypes.HuntAbandoned"/>.</summary>
/// <param name="Reason">Why the hunt was given up.</param>
public sealed record HuntAbandoned(string Reason);

/// <summary>Data of <see cref="WorkloadEventTypes.PlayerMoved"/>.</summary>
/// <param name="Latitude">Degrees north, -90 to 90.</param>
/// <param name="Longitude">Degrees east, -180 to 180.</param>
/// <param name="Meters">Distance since the last report, in metres, at least 0.</param>
public sealed record PlayerMoved(double Latitude, double Longitude, int Meters);

/// <summary>Source-generated JSON of the reference workload: camelCase, unknown members ignored, constructor parameters required.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(HuntStarted))]
[JsonSerializable(typeof(ClueFound))]
[JsonSerializable(typeof(TreasureClaimed))]
[JsonSerializable(typeof(HuntAbandoned))]
[JsonSerializable(typeof(PlayerMoved))]
public sealed partial class WorkloadJson : JsonSerializerContext;
