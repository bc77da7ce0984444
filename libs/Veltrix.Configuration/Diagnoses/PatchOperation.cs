using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>One operation of a JSON Patch (RFC 6902).</summary>
/// <param name="Op"><c>add</c>, which replaces an existing member, inserts before an entry and appends at <c>-</c> (section 4.1), or <c>remove</c>.</param>
/// <param name="Path">Where, as a JSON Pointer (RFC 6901).</param>
/// <param name="Value">The new value; absent for <c>remove</c>.</param>
public sealed record PatchOperation(
    string Op,
    string Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Value = null
);
