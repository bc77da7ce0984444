using System.Globalization;
using Microsoft.AspNetCore.Components;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Components.Shared;

/// <summary>What a rollout measured and saw in one wave; a mark, not colour alone, says what speaks against the version.</summary>
public sealed partial class WaveEvidence
{
    private const double Smallest = 0.0001;

    [Parameter, EditorRequired]
    public Rollout Rollout { get; set; } = null!;

    /// <summary>From 1; 0 before the first.</summary>
    [Parameter, EditorRequired]
    public int Wave { get; set; }

    private List<RolloutEvidence> Of => [.. Rollout.Evidence.Where(evidence => evidence.Wave == Wave)];

    private static string Probability(double probability) =>
        probability < Smallest ? "< 0.0001" : probability.ToString("= 0.0000", CultureInfo.InvariantCulture);
}
