using System.Globalization;

namespace Veltrix.Configuration.Validation;

internal sealed class ErrorList
{
    private readonly List<ConfigurationError> _errors = [];

    public IReadOnlyList<ConfigurationError> All => _errors;

    public void Add(string path, string message, string? allowed = null) => _errors.Add(new(path, message, allowed));

    public void Range<T>(string path, T value, Range<T> range)
        where T : IComparable<T>
    {
        if (!range.Contains(value))
            Add(path, string.Create(CultureInfo.InvariantCulture, $"{value} is outside the range."), range.ToString());
    }

    public void Count(string path, int count, Range<int> range)
    {
        if (!range.Contains(count))
            Add(path, string.Create(CultureInfo.InvariantCulture, $"There are {count} entries."), $"{range} entries");
    }

    /// <summary>One error for each entry whose name an earlier entry has; both places are named.</summary>
    public void Unique(IEnumerable<(string Path, string Name)> entries)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, name) in entries)
            if (!first.TryAdd(name, path))
                Add(path, $"\"{name}\" stands at {first[name]} already; it must be unique.");
    }
}
