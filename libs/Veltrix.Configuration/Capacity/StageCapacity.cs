namespace Veltrix.Configuration.Capacity;

/// <summary>What one stage can take.</summary>
/// <param name="Name">The stage.</param>
/// <param name="EventsPerSecond">Largest rate of all nodes together, events per second.</param>
/// <param name="Utilisation">Share that the mean rate takes, 1 is all.</param>
/// <param name="UtilisationInBurst">Share that a burst takes, 1 is all.</param>
/// <param name="Arithmetic">How the rate was computed.</param>
public sealed record StageCapacity(
    string Name,
    double EventsPerSecond,
    double Utilisation,
    double UtilisationInBurst,
    string Arithmetic
);
