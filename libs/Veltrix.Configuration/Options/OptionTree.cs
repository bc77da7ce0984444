using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration.Options;

/// <summary>Walks over the members of the model, so that nothing is listed twice by hand.</summary>
internal static class OptionTree
{
    public static JsonTypeInfo Root => ConfigurationJson.Default.PlatformConfiguration;

    /// <summary>All members that hold a value or a list, in the order of the document.</summary>
    public static IEnumerable<OptionMember> Options() => Below(Root, "").Where(member => !member.IsSection);

    public static IEnumerable<OptionMember> Members(JsonTypeInfo type, string path) =>
        type
            .Properties.Where(property => property.AssociatedParameter is not null)
            .Select(property => Member(property, path));

    private static IEnumerable<OptionMember> Below(JsonTypeInfo type, string path)
    {
        foreach (var member in Members(type, path))
        {
            yield return member;
            var inner = member.Type.Kind == JsonTypeInfoKind.Enumerable ? Items(member.Type) : member.Type;
            var innerPath = inner == member.Type ? member.Path : $"{member.Path}[]";
            foreach (var below in Below(inner, innerPath))
                yield return below;
        }
    }

    public static JsonTypeInfo Items(JsonTypeInfo list) => list.Options.GetTypeInfo(list.ElementType!);

    private static OptionMember Member(JsonPropertyInfo property, string path)
    {
        var parameter = property.AssociatedParameter!;
        var type = property.Options.GetTypeInfo(property.PropertyType);
        var value = parameter.HasDefaultValue ? JsonSerializer.SerializeToNode(parameter.DefaultValue, type) : null;
        var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
        return new OptionMember(name, type, !parameter.HasDefaultValue, value);
    }
}
