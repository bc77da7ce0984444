using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration;

/// <summary>
/// Holds a JSON value against the members of a record, and finds every difference. The serializer alone would stop at the
/// first, and would not say which names or types it knows.
/// </summary>
internal static class JsonShape
{
    private static readonly ConcurrentDictionary<JsonTypeInfo, Dictionary<string, JsonPropertyInfo>> Members = new();

    public static IReadOnlyList<ConfigurationError> Check(JsonElement value, JsonTypeInfo type)
    {
        var errors = new List<ConfigurationError>();
        Check(value, type, JsonPaths.Root, errors);
        return errors;
    }

    private static void Check(JsonElement value, JsonTypeInfo type, string path, List<ConfigurationError> errors)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                CheckMembers(value, type, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                var element = type.Options.GetTypeInfo(type.ElementType!);
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Check(item, element, JsonPaths.Item(path, index++), errors);
                break;
            case JsonTypeInfoKind.None when Scalar(value, type.Type):
                break;
            default:
                errors.Add(new(path, $"Expected {NameOf(type)}, but found {NameOf(value)}."));
                break;
        }
    }

    private static void CheckMembers(JsonElement value, JsonTypeInfo type, string path, List<ConfigurationError> errors)
    {
        // Every report of every node comes this way.
        var known = Members.GetOrAdd(
            type,
            static type => type.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal)
        );
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (!TryName(member, out var name))
                errors.Add(new(path, "A member's name is not valid Unicode."));
            else if (!known.TryGetValue(name, out var property))
                errors.Add(
                    new(JsonPaths.Member(path, name), NotKnown(name, known.Keys), string.Join(", ", known.Keys))
                );
            else if (!seen.Add(name))
                errors.Add(new(JsonPaths.Member(path, name), "The member stands here more than once."));
            else if (
                member.Value.ValueKind != JsonValueKind.Null
                || property.AssociatedParameter is not { IsNullable: true }
            )
                Check(
                    member.Value,
                    type.Options.GetTypeInfo(property.PropertyType),
                    JsonPaths.Member(path, name),
                    errors
                );
        }
        foreach (var property in known.Values)
            if (property.AssociatedParameter is { HasDefaultValue: false } && !seen.Contains(property.Name))
                errors.Add(new(JsonPaths.Member(path, property.Name), "The member is required."));
    }

    private static string NotKnown(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } nearest
            ? $"The member is not known; the nearest known name is \"{nearest}\"."
            : "The member is not known.";

    private static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate: JSON's grammar allows it (RFC 8259, section 8.2), Unicode does not.
            name = "";
            return false;
        }
    }

    private static bool Scalar(JsonElement value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value.ValueKind switch
        {
            JsonValueKind.String when type == typeof(string) => IsUnicode(value),
            JsonValueKind.String when type.IsEnum => IsUnicode(value) && NamesOf(type).Contains(value.GetString()!),
            JsonValueKind.String => type == typeof(DateTimeOffset) && value.TryGetDateTimeOffset(out _),
            JsonValueKind.True or JsonValueKind.False => type == typeof(bool),
            JsonValueKind.Number when type == typeof(int) => value.TryGetInt32(out _),
            JsonValueKind.Number when type == typeof(long) => value.TryGetInt64(out _),
            JsonValueKind.Number => type == typeof(double)
                && value.TryGetDouble(out var number)
                && double.IsFinite(number),
            _ => false,
        };
    }

    private static bool IsUnicode(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    internal static IEnumerable<string> NamesOf(Type enumeration) =>
        Enum.GetNames(enumeration).Select(name => name.ToLowerInvariant());

    private static string NameOf(JsonTypeInfo type) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => "an object",
            JsonTypeInfoKind.Enumerable => "an array",
            _ when (Nullable.GetUnderlyingType(type.Type) ?? type.Type) is { IsEnum: true } names =>
                $"one of {string.Join(", ", NamesOf(names))}",
            _ => Type.GetTypeCode(Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
            {
                TypeCode.String => "a string",
                TypeCode.Int32 => $"a whole number from {int.MinValue} to {int.MaxValue}",
                TypeCode.Int64 => $"a whole number from {long.MinValue} to {long.MaxValue}",
                TypeCode.Double => "a number",
                TypeCode.Boolean => "true or false",
                _ => "a time of RFC 3339",
            },
        };

    private static string NameOf(JsonElement value)
    {
        const int LongestShown = 40;
        var raw = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => raw.Length <= LongestShown ? $"the string {raw}" : "a string",
            _ => raw.Length <= LongestShown ? raw : "a longer number",
        };
    }
}
