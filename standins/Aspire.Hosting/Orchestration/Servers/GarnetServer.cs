using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.Orchestration;

/// <summary>Garnet for Redis: password, loopback only, append-only file replayed at start, small memory.</summary>
internal sealed class GarnetServer(Func<CancellationToken, ValueTask<string?>> password, string directory) : LocalServer
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    public override int DefaultPort => 26379;

    public override async Task<ProcessSpecification> PrepareAsync(
        LocalServerContext context,
        CancellationToken cancellation
    )
    {
        var assembly = await GarnetTool.FindAsync(directory, context.Progress, cancellation);
        var data = Directory.CreateDirectory(Path.Combine(context.DataDirectory, context.Name)).FullName;
        DataLocation = data;
        var secret = await password(cancellation);
        var options = new Dictionary<string, object?>
        {
            ["Address"] = "127.0.0.1",
            ["Port"] = context.Port,
            ["AuthenticationMode"] = secret is null ? "NoAuth" : "Password",
            ["Password"] = secret,
            ["CheckpointDir"] = data,
            ["Recover"] = true,
            ["FailOnRecoveryError"] = false,
            ["EnableAOF"] = true,
            // The default device needs libaio, which a machine may lack or carry under another name.
            ["DeviceType"] = "RandomAccess",
            // A commit is issued with each operation: at most the operations of the last moment are lost with the process.
            ["CommitFrequencyMs"] = 0,
            ["WaitForCommit"] = context.Durable,
            ["AofMemorySize"] = "16m",
            ["AofPageSize"] = "4m",
            // Beyond this a checkpoint is taken and the file cut, so that it does not grow without bound.
            ["AofSizeLimit"] = "256m",
            ["LogMemorySize"] = "64m",
            ["PageSize"] = "1m",
            ["IndexMemorySize"] = "4m",
            ["QuietMode"] = true,
        };
        // In a file and not on the command line, which every user of the machine can read.
        var file = Path.Combine(data, "garnet.conf");
        AtomicFile.Write(file, JsonSerializer.Serialize(options), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new ProcessSpecification("dotnet", [assembly, "--config-import-path", file])
        {
            WorkingDirectory = data,
            Environment = new Dictionary<string, string?>
            {
                // The tool asks for the server collector, which reserves a heap per core.
                ["DOTNET_gcServer"] = "0",
                ["DOTNET_TieredPGO"] = "0",
            },
        };
    }

    public override async Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ProbeLimit);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.Port), limit.Token);
            if (await password(limit.Token) is { } secret)
            {
                var length = Encoding.UTF8.GetByteCount(secret);
                if (await AskAsync(socket, $"*2\r\n$4\r\nAUTH\r\n${length}\r\n{secret}\r\n", limit.Token) != "+OK")
                    throw new DistributedApplicationException("Redis refuses its own password.");
            }
            return await AskAsync(socket, "*1\r\n$4\r\nPING\r\n", limit.Token) == "+PONG";
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<string> AskAsync(Socket socket, string request, CancellationToken cancellation)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(request), cancellation);
        var answer = new byte[256];
        var count = await socket.ReceiveAsync(answer, cancellation);
        return Encoding.UTF8.GetString(answer, 0, count).TrimEnd();
    }
}
