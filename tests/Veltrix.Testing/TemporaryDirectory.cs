namespace Veltrix.Testing;

/// <summary>A directory of a test's own, removed with all that is in it at the end.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private const UnixFileMode OfOthers = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Creates it.</summary>
    /// <param name="isOpenToOthers">Whether other users may reach what lies below, as the one that PostgreSQL runs as.</param>
    public TemporaryDirectory(bool isOpenToOthers = false)
    {
        if (isOpenToOthers)
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | OfOthers);
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("veltrix-test-").FullName;

    /// <summary>The path of something in it.</summary>
    public string Combine(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Removes it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
