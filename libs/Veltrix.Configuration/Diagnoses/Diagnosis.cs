using System.Text.Json.Serialization;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>All that the doctor found, the gravest and likeliest cause first.</summary>
/// <param name="Findings">The findings.</param>
public sealed record Diagnosis(IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether the configuration must not be published.</summary>
    [JsonIgnore]
    public bool IsRefused => Findings.Any(finding => finding.Severity == Severity.Error);

    /// <summary>Findings of one severity.</summary>
    public IEnumerable<Finding> Of(Severity severity) => Findings.Where(finding => finding.Severity == severity);
}
