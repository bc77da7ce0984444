using System.Globalization;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Rollouts;

/// <summary>A rollout in words.</summary>
internal static class RolloutText
{
    /// <summary>The state as people write it.</summary>
    public static string Label(string state) =>
        state == "rolledBack"
            ? "Rolled back"
            : string.Concat(char.ToUpperInvariant(state[0]).ToString(), state.AsSpan(1));

    /// <summary>What happens in a state.</summary>
    public static string Meaning(Rollout rollout) =>
        rollout.State switch
        {
            "observing" =>
                $"Nobody has version {rollout.Candidate} yet; the fleet is measured for {rollout.BakeSeconds} s to compare with.",
            "wave" => $"The nodes of wave {rollout.Wave} were given version {rollout.Candidate} and have to report it.",
            "baking" =>
                $"Wave {rollout.Wave} runs on version {rollout.Candidate} and is measured for {rollout.BakeSeconds} s.",
            "comparing" => "The measurements are compared.",
            "waiting" =>
                "The next wave waits; the last line below says for what. Measuring goes on, and it goes on by itself.",
            "halted" =>
                "A node with the version is silent. It goes on when the node is back, and takes the version back after a minute.",
            "paused" => "An operator stopped it. Once resumed, the wave is measured anew.",
            "completed" => $"Version {rollout.Candidate} is everybody's.",
            "rolledBack" => $"It took version {rollout.Candidate} back by itself: {TakenBack(rollout)}",
            "aborted" => $"An operator ended it: {TakenBack(rollout)}",
            _ => rollout.State,
        };

    /// <summary>The nodes that a wave means.</summary>
    public static string Describe(RolloutWave wave)
    {
        var whose = wave.Label is null ? "" : $" of {wave.Label}";
        return wave switch
        {
            { Count: 1 } => $"1 more node{whose}",
            { Count: { } count } => string.Create(CultureInfo.InvariantCulture, $"{count} more nodes{whose}"),
            { Percent: { } percent } => string.Create(
                CultureInfo.InvariantCulture,
                $"until {percent} % of the nodes{whose} have it"
            ),
            _ => $"all nodes{whose}",
        };
    }

    private static string TakenBack(Rollout rollout) =>
        rollout.RestoredBy is { } version
            ? $"version {version} has the document of version {rollout.Base} again."
            : $"version {rollout.Base} stays.";
}
