using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Cli.Diagnosing;

/// <summary>Writes a diagnosis as SARIF 2.1.0 (OASIS), which code-scanning services read.</summary>
internal static class SarifReport
{
    public static JsonObject Of(DoctorReport report, string file) =>
        new()
        {
            ["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(
                new JsonObject
                {
                    ["tool"] = new JsonObject { ["driver"] = Driver() },
                    ["results"] = new JsonArray([.. report.Findings.Select(finding => Result(finding, file))]),
                }
            ),
        };

    private static JsonObject Driver() =>
        new()
        {
            ["name"] = "veltrix doctor",
            ["rules"] = new JsonArray([
                .. Doctor.Catalogue.Select(rule => new JsonObject
                {
                    ["id"] = rule.Code,
                    ["shortDescription"] = Text(rule.Title),
                    ["help"] = Text($"docs/doctor/{rule.Code}.md"),
                }),
            ]),
        };

    private static JsonObject Result(Finding finding, string file) =>
        new()
        {
            ["ruleId"] = finding.Code,
            ["level"] = Level(finding.Severity),
            ["message"] = Text($"{finding.Title}. {finding.Evidence} {finding.Effect}"),
            ["locations"] = new JsonArray(
                new JsonObject
                {
                    ["physicalLocation"] = new JsonObject
                    {
                        // A relative reference, section 3.4.3: forward slashes, escaped.
                        ["artifactLocation"] = new JsonObject
                        {
                            ["uri"] = string.Join('/', file.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString)),
                        },
                    },
                    ["logicalLocations"] = new JsonArray(
                        new JsonObject { ["fullyQualifiedName"] = finding.Path, ["kind"] = "property" }
                    ),
                }
            ),
            // A fix of SARIF replaces regions of text; a JSON Patch says the same without line numbers.
            ["properties"] = new JsonObject
            {
                ["patch"] = finding.Fix is null
                    ? null
                    : JsonSerializer.SerializeToNode(finding, ConfigurationJson.Default.Finding)!["fix"]!.DeepClone(),
            },
        };

    private static JsonObject Text(string text) => new() { ["text"] = text };

    // Section 3.27.10 knows no advice; a note is the least.
    private static string Level(Severity severity) =>
        severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "note",
        };
}
