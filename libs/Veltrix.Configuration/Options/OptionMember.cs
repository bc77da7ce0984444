using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration.Options;

/// <summary>One member of the document, read from the model's records.</summary>
/// <param name="Path">Its place, in the notation of <see cref="OptionDescriptor.Path"/>.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsRequired">Whether a document must have it.</param>
/// <param name="Default">Its default; null where it is required, null itself or a section.</param>
internal sealed record OptionMember(string Path, JsonTypeInfo Type, bool IsRequired, JsonNode? Default)
{
    /// <summary>Whether it only holds other members.</summary>
    public bool IsSection => Type.Kind == JsonTypeInfoKind.Object;
}
