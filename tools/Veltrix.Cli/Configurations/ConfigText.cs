using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;

namespace Veltrix.Cli.Configurations;

/// <summary>Results for people, one line each where that is possible.</summary>
internal static class ConfigText
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Line(ConfigurationVersion version) =>
        Invariant($"version {version.Number}  {version.PublishedAt:u}  {version.Author}  {version.Reason}");

    public static string Whole(ConfigurationVersion version) =>
        Lines([
            Line(version),
            Invariant($"hash {version.Hash}"),
            JsonSerializer.Serialize(
                JsonSerializer.SerializeToElement(
                    version.Configuration,
                    ConfigurationJson.Default.PlatformConfiguration
                ),
                Readable
            ),
        ]);

    public static string Line(Proposal proposal) =>
        Invariant(
            $"proposal {proposal.Number}  {proposal.State.ToString().ToLowerInvariant()}  based on {proposal.Base}  {proposal.ProposedAt:u}  {proposal.Author}  {proposal.Reason}"
        );

    public static string Whole(ConfigurationDifferences differences) =>
        differences.Differences.Count == 0
            ? "No difference."
            : Lines([.. differences.Differences.Select(Line), .. differences.Effects.Select(Line)]);

    public static string Whole(HistoryVerdict verdict) =>
        verdict.Fault is { } fault
            ? Invariant($"BROKEN at version {fault.Number}: {fault.Reason} {verdict.Versions} versions before it fit.")
            : Invariant($"{verdict.Versions} versions, all as they were published; chain hash {verdict.ChainHash}");

    public static string Line(AuditEntry entry) =>
        string.Join(
            "  ",
            new[]
            {
                Invariant($"{entry.At:u}"),
                entry.Actor,
                entry.Act,
                entry.Proposal is { } proposal ? Invariant($"proposal {proposal}") : null,
                entry.Version is { } version ? Invariant($"version {version}") : null,
                entry.Path,
                entry.Reason,
            }.OfType<string>()
        );

    public static string Whole(PublicationPolicy policy) =>
        Lines([
            policy.FourEyes ? "four eyes: required" : "four eyes: not required",
            .. policy.Waiver is { } waiver
                ?
                [
                    Invariant(
                        $"{waiver.By} asked at {waiver.At:u} to require them no longer, another key has to agree: {waiver.Reason}"
                    ),
                ]
                : Array.Empty<string>(),
            policy.Freeze is { } freeze
                ? Invariant($"frozen by {freeze.By} at {freeze.At:u}: {freeze.Reason}")
                : "not frozen",
            .. policy.Pins.Select(pin => $"pin {Line(pin)}"),
        ]);

    public static string Line(Pin pin) => Invariant($"{pin.Path}  {pin.At:u}  {pin.By}  {pin.Reason}");

    public static string Whole(ProposalVerdict verdict) =>
        Lines([
            verdict.Valid ? "Valid." : "Refused.",
            .. verdict.Errors.Select(error =>
                error.Allowed is null
                    ? $"{error.Path}: {error.Message}"
                    : $"{error.Path}: {error.Message} Allowed: {error.Allowed}."
            ),
            .. verdict.Findings.Select(finding =>
                $"{finding.Severity} {finding.Code} {finding.Path}: {finding.Evidence} {finding.Effect}"
            ),
        ]);

    public static string Lines(IEnumerable<string> lines) => string.Join(Environment.NewLine, lines);

    private static string Line(ConfigurationEffect effect) =>
        Invariant($"= {effect.Name}: {Number(effect.Before)} -> {Number(effect.After)} {effect.Unit}");

    private static string Number(double? value) =>
        value?.ToString(Math.Abs(value.Value) >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture) ?? "unbounded";

    private static string Line(Difference difference) =>
        difference.Kind switch
        {
            DifferenceKind.Added => $"+ {difference.Path}: {difference.After}",
            DifferenceKind.Removed => $"- {difference.Path}: {difference.Before}",
            DifferenceKind.Reordered => $"~ {difference.Path}, other order: {difference.Before} -> {difference.After}",
            _ => $"~ {difference.Path}: {difference.Before} -> {difference.After} {difference.Unit}".TrimEnd(),
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
