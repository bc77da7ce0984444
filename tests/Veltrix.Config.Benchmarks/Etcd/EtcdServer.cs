using Veltrix.Testing;

namespace Veltrix.Config.Benchmarks.Etcd;

/// <summary>One member of etcd with its defaults, which wait for the disk.</summary>
internal sealed class EtcdServer : IAsyncDisposable
{
    private readonly TestProcess _process;
    private readonly TemporaryDirectory _directory;

    private EtcdServer(Uri address, TestProcess process, TemporaryDirectory directory) =>
        (Address, _process, _directory) = (address, process, directory);

    public Uri Address { get; }

    public static async Task<EtcdServer> StartAsync(CancellationToken cancellation)
    {
        var etcd = await NativeTools.EtcdAsync(cancellation);
        var directory = new TemporaryDirectory();
        var address = new Uri($"http://127.0.0.1:{Servers.FreePort()}");
        var peer = $"http://127.0.0.1:{Servers.FreePort()}";
        var start = etcd.StartInfo(
            "--data-dir",
            directory.Path,
            "--listen-client-urls",
            address.GetLeftPart(UriPartial.Authority),
            "--advertise-client-urls",
            address.GetLeftPart(UriPartial.Authority),
            "--listen-peer-urls",
            peer,
            "--initial-advertise-peer-urls",
            peer,
            "--initial-cluster",
            $"default={peer}",
            "--log-level",
            "error"
        );
        var process = await TestProcess.StartAsync(start, new Uri(address, "/health"), cancellation);
        return new EtcdServer(address, process, directory);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
