namespace Veltrix.Conformance.Tests.Wire;

/// <summary>From which version to which.</summary>
internal readonly record struct VersionRange(short First, short Last)
{
    public static readonly VersionRange None = new(short.MaxValue, -1);

    public bool Contains(short version) => version >= First && version <= Last;

    /// <summary>"3", "3+" or "3-5".</summary>
    public static VersionRange Parse(string text)
    {
        if (text == "-")
            return None;
        if (text.EndsWith('+'))
            return new VersionRange(short.Parse(text[..^1]), short.MaxValue);
        var parts = text.Split('-');
        return new VersionRange(short.Parse(parts[0]), short.Parse(parts[^1]));
    }
}

/// <summary>One field of a request or response, as protocol.txt describes it.</summary>
internal sealed record WireField(
    string Name,
    string Type,
    bool IsArray,
    VersionRange Versions,
    VersionRange Nullable,
    int? Tag
)
{
    public List<WireField> Children { get; } = [];
}

/// <summary>A request with its response.</summary>
internal sealed record WireApi(string Name, short Key, short FirstFlexible)
{
    public List<WireField> Request { get; } = [];

    public List<WireField> Response { get; } = [];
}
