using System.Text.Json.Nodes;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>One thing that the doctor found.</summary>
/// <param name="Code"><c>DOC-nnn</c>, the code of the rule.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Title">The rule, in a few words.</param>
/// <param name="Path">The option to look at first, as a JSON path.</param>
/// <param name="Value">Its value; null where it has none.</param>
/// <param name="Evidence">Why, with the arithmetic written out.</param>
/// <param name="Effect">What will happen, in events, bytes or milliseconds.</param>
/// <param name="Fix">A JSON Patch of the examined document, <c>traffic</c> and <c>limits</c> included, that removes the finding; null where no change of the document can.</param>
/// <param name="Link">The rule's page in the repository.</param>
public sealed record Finding(
    string Code,
    Severity Severity,
    string Title,
    string Path,
    JsonNode? Value,
    string Evidence,
    string Effect,
    IReadOnlyList<PatchOperation>? Fix,
    string Link
);
