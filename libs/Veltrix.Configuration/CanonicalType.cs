using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration;

/// <summary>How values of one type of the model are written in the canonical form; prepared once.</summary>
internal sealed class CanonicalType
{
    private static readonly ConcurrentDictionary<JsonTypeInfo, CanonicalType> Known = new();

    private readonly JsonTypeInfo _type;
    private readonly Lazy<CanonicalMember[]> _members;

    private CanonicalType(JsonTypeInfo type)
    {
        _type = type;
        _members = new(() => CanonicalMember.AllOf(type));
    }

    public static CanonicalType Of(JsonTypeInfo type) => Known.GetOrAdd(type, static type => new CanonicalType(type));

    /// <exception cref="NotSupportedException">A number is not whole or lies beyond 2^53 - 1.</exception>
    public void Append(CanonicalText text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string name:
                text.AppendString(name);
                break;
            case int number:
                text.AppendNumber(number);
                break;
            case long number:
                text.AppendNumber(number);
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case IEnumerable items when _type.Kind == JsonTypeInfoKind.Enumerable:
                AppendItems(text, items);
                break;
            default:
                if (_type.Kind == JsonTypeInfoKind.Object)
                    AppendMembers(text, value);
                else
                    CanonicalJson.Append(text, JsonSerializer.SerializeToElement(value, _type));
                break;
        }
    }

    private void AppendItems(CanonicalText text, IEnumerable items)
    {
        var type = Of(_type.Options.GetTypeInfo(_type.ElementType!));
        text.Append('[');
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(',');
            first = false;
            type.Append(text, item);
        }
        text.Append(']');
    }

    private void AppendMembers(CanonicalText text, object value)
    {
        text.Append('{');
        var first = true;
        foreach (var member in _members.Value)
            first &= !member.TryAppend(text, value, first);
        text.Append('}');
    }
}
