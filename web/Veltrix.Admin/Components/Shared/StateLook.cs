using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Components.Shared;

/// <summary>The badge of a state: done, under way, at rest, in trouble.</summary>
internal static class StateLook
{
    private const string Done = "completed";
    private const string UnderWay = "hunting";
    private const string Resting = "timedout";
    private const string Trouble = "abandoned";

    public static string? Of(ProposalState state) =>
        state switch
        {
            ProposalState.Open or ProposalState.Approved => UnderWay,
            ProposalState.Published => Done,
            _ => null,
        };

    public static string Of(Severity severity) =>
        severity switch
        {
            Severity.Error => Trouble,
            Severity.Warning => Resting,
            _ => UnderWay,
        };

    /// <summary>Of a rollout's state, by its name on the wire.</summary>
    public static string OfRollout(string state) =>
        state switch
        {
            "completed" => Done,
            "rolledBack" or "aborted" => Trouble,
            "halted" or "paused" or "waiting" => Resting,
            _ => UnderWay,
        };
}
