using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Rollouts;

/// <summary>The form that starts a rollout. Whatever fails, what somebody wrote stays.</summary>
internal sealed class NewRollout
{
    /// <summary>Number of the proposal.</summary>
    public int? Proposal { get; set; }

    /// <summary>One wave per line.</summary>
    public string Waves { get; set; } = "1\n50%\n100%";

    /// <summary>How long to look at each wave, in seconds.</summary>
    public int? BakeSeconds { get; set; } = 60;

    /// <summary>A wave whose nodes have nothing to do passes.</summary>
    public bool AcceptsIdle { get; set; }

    public string Reason { get; set; } = "";

    public string? ProposalMistake { get; private set; }

    public string? WavesMistake { get; private set; }

    public string? BakeMistake { get; private set; }

    public string? ReasonMistake { get; private set; }

    /// <summary>What the form says; null when something in it is wrong, which the mistakes then name.</summary>
    public RolloutRequest? Request()
    {
        var lines = Waves.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var waves = new List<RolloutWave>();
        WavesMistake = lines.Length is 0 or > RolloutWave.MaximumWaves
            ? $"1 to {RolloutWave.MaximumWaves} waves."
            : null;
        foreach (var line in lines)
            if (RolloutWave.TryParse(line, out var wave))
                waves.Add(wave);
            else
                WavesMistake ??= $"“{line}” is no wave: write 2, 50%, processor, processor:1 or processor:50%.";
        ProposalMistake = Proposal is null or < 1 ? "The number of a proposal that waits." : null;
        BakeMistake = BakeSeconds is null or < RolloutRequest.ShortestBakeSeconds or > RolloutRequest.LongestBakeSeconds
            ? $"{RolloutRequest.ShortestBakeSeconds} to {RolloutRequest.LongestBakeSeconds} seconds."
            : null;
        ReasonMistake = Reason.Trim().Length is 0 or > Publication.MaximumReasonCharacters
            ? "Say why: the reason stays with the rollout for ever."
            : null;
        return (ProposalMistake, WavesMistake, BakeMistake, ReasonMistake) is (null, null, null, null)
            ? new RolloutRequest(Proposal!.Value, waves, BakeSeconds!.Value, Reason.Trim(), AcceptsIdle)
            : null;
    }
}
