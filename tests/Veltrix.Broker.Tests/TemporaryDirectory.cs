namespace Veltrix.Broker.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("veltrix-broker-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
