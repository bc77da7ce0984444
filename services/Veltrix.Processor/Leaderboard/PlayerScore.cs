namespace Veltrix.Processor.Leaderboard;

/// <summary>How far a player went.</summary>
/// <param name="Player">Who.</param>
/// <param name="Meters">Metres, all of them since the beginning.</param>
internal readonly record struct PlayerScore(string Player, long Meters);
