using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Admin.Components.Shared;

/// <summary>What the doctor found, the gravest first, each with its arithmetic and its fix.</summary>
public sealed partial class Findings
{
    [Parameter, EditorRequired]
    public IReadOnlyList<Finding> All { get; set; } = [];

    // A list or a section says nothing on one line.
    private static string? Shown(JsonNode? value) => value is JsonValue ? value.ToJsonString() : null;
}
