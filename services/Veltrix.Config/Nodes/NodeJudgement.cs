using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>How a node stands to the version that is meant for it, and that in a sentence.</summary>
internal readonly record struct NodeJudgement(NodeCondition Condition, string Detail)
{
    public static NodeJudgement Silent(TimeSpan silence) =>
        new(NodeCondition.Silent, $"No report for {silence.TotalSeconds:0} s; reports come every second.");

    /// <summary>Judges by the last report of a node that is not silent.</summary>
    /// <param name="report">The report.</param>
    /// <param name="version">The version that is meant for the node; null when none is known here yet.</param>
    /// <param name="isGraceOver">Whether the node has had the time that it may take.</param>
    public static NodeJudgement Of(NodeReport report, ConfigurationVersion? version, bool isGraceOver)
    {
        if (version is null)
            return new(NodeCondition.Current, "No version is known here yet.");
        if (report.Refusal is { } reason && report.Version != version.Number)
            return new(NodeCondition.Refusing, $"Stays on version {Text(report.Version)}. {reason}");
        if (report.Refusal is { } fault && report.RefusedVersion == version.Number)
            return new(NodeCondition.Refusing, $"Runs version {version.Number}, but not as a whole. {fault}");
        if (report.Version > version.Number)
            return new(NodeCondition.Drifted, $"Runs version {report.Version}; the newest is {version.Number}.");
        if (report.Version == version.Number)
            return string.Equals(report.Hash, version.Hash, StringComparison.Ordinal)
                ? new(NodeCondition.Current, $"Runs version {version.Number}.")
                : new(
                    NodeCondition.Drifted,
                    $"Runs version {report.Version} with hash {report.Hash}, not {version.Hash}."
                );
        return isGraceOver
            ? new(NodeCondition.Lagging, $"Runs version {Text(report.Version)}; {version.Number} is in force.")
            : new(NodeCondition.Current, $"Runs version {Text(report.Version)} and has time to take {version.Number}.");
    }

    private static string Text(int? version) => version is { } number ? $"{number}" : "none";
}
