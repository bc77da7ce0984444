namespace Veltrix.Hosting.Tests;

/// <summary>A directory that other users may enter, removed at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory() =>
        System.IO.File.SetUnixFileMode(
            Path,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute
        );

    public string Path { get; } = Directory.CreateTempSubdirectory("veltrix-hosting-").FullName;

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
