using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration;

/// <summary>One member of an object in the canonical form.</summary>
internal sealed class CanonicalMember
{
    private readonly string _name;
    private readonly Func<object, object?> _get;
    private readonly CanonicalType _type;
    private readonly string? _default;

    private CanonicalMember(JsonPropertyInfo property)
    {
        _name = property.Name;
        _get = property.Get!;
        _type = CanonicalType.Of(property.Options.GetTypeInfo(property.PropertyType));
        if (!LaterOptions.IsLater(property, out var value))
            return;
        var text = new CanonicalText();
        _type.Append(text, value);
        _default = text.From(0).ToString();
    }

    /// <summary>The members of a type in their canonical order.</summary>
    public static CanonicalMember[] AllOf(JsonTypeInfo type) =>
        [
            .. type
                .Properties.Where(property => property.Get is not null)
                // RFC 8785, section 3.2.3: by the UTF-16 code units of the names.
                .OrderBy(property => property.Name, StringComparer.Ordinal)
                .Select(property => new CanonicalMember(property)),
        ];

    /// <summary>Writes the member; false when it is left out because it has its default.</summary>
    public bool TryAppend(CanonicalText text, object owner, bool isFirst)
    {
        var start = text.Length;
        if (!isFirst)
            text.Append(',');
        text.AppendString(_name);
        text.Append(':');
        var value = text.Length;
        _type.Append(text, _get(owner));
        if (_default is null)
            return true;
        // A section of which every member was left out has its default: new().
        if (!text.From(value).SequenceEqual(_default) && !text.From(value).SequenceEqual("{}"))
            return true;
        text.TakeBackTo(start);
        return false;
    }
}
