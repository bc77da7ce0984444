using Xunit;

namespace Veltrix.Testing;

/// <summary>Material beside the repository that is too large for it (recorded data, a Kafka distribution).</summary>
public static class SharedMaterial
{
    /// <summary>The path of <paramref name="name"/> below <c>VELTRIX_SHARED</c> or ../shared; null when it is not there.</summary>
    public static string? TryFind(string name)
    {
        var shared = Environment.GetEnvironmentVariable("VELTRIX_SHARED") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Path.GetDirectoryName(Repository.Root)!, "shared");
        var path = Path.Combine(shared, name);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>Like <see cref="TryFind"/>, but skips the test visibly when the material is not there.</summary>
    public static string Find(string name)
    {
        var path = TryFind(name);
        if (path is null)
            Assert.Skip($"'{name}' is neither in ../shared nor below VELTRIX_SHARED.");
        return path!;
    }
}
