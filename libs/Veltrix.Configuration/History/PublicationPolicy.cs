namespace Veltrix.Configuration.History;

/// <summary>What stands in the way of a publication, the same on every replica.</summary>
/// <param name="FourEyes">Whether every version needs a proposal that another key approved.</param>
/// <param name="Freeze">Who stopped all publications; null when they are allowed.</param>
/// <param name="Pins">The paths that no publication may change.</param>
/// <param name="Waiver">Who asked to require four eyes no longer; null when nobody did. It takes another key to agree.</param>
public sealed record PublicationPolicy(bool FourEyes, Freeze? Freeze, IReadOnlyList<Pin> Pins, Waiver? Waiver = null);

/// <summary>Somebody asked to require four eyes no longer.</summary>
/// <param name="By">Name of the key that asked.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why.</param>
public sealed record Waiver(string By, DateTimeOffset At, string Reason);

/// <summary>All publications are stopped.</summary>
/// <param name="By">Name of the key that stopped them.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why.</param>
public sealed record Freeze(string By, DateTimeOffset At, string Reason);

/// <summary>A path that no publication may change.</summary>
/// <param name="Path">The path, as differences name it; everything below it is meant too.</param>
/// <param name="By">Name of the key that pinned it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why.</param>
public sealed record Pin(string Path, string By, DateTimeOffset At, string Reason);
