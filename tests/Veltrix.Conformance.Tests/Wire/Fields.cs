namespace Veltrix.Conformance.Tests.Wire;

/// <summary>The fields of a structure by name; arrays are lists, structures are fields again.</summary>
internal sealed class Fields : Dictionary<string, object?>
{
    public Fields()
        : base(StringComparer.Ordinal) { }

    public Fields(Fields others)
        : base(others, StringComparer.Ordinal) { }

    public short Error => (short)this["errorCode"]!;

    public T Get<T>(string name) => (T)this[name]!;

    /// <summary>The only element of an array of structures.</summary>
    public Fields Only(string name) => List(name).ShouldHaveSingleItem();

    public List<Fields> List(string name) => [.. ((List<object?>)this[name]!).Cast<Fields>()];
}
