using Aspire.Hosting.Orchestration;

namespace Veltrix.Testing;

/// <summary>A local server for the tests of this process, with throw-away data; only a durable one waits for the disk.</summary>
internal sealed class ServerProcess
{
    private const int KeptLines = 100;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Session> Current = new(() => new Session());

    private ServerProcess(int port) => Port = port;

    public int Port { get; }

    public static async Task<ServerProcess> StartAsync(string name, LocalServer server, bool durable = false)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var session = Current.Value;
        var context = new LocalServerContext(name, session.Directory, Ports.Free(), Console.Error.WriteLine)
        {
            Durable = durable,
        };
        var specification = await server.PrepareAsync(context, limit.Token);
        var lines = new Queue<string>();
        var process = ChildProcess.Start(
            specification with
            {
                Environment = new Dictionary<string, string?>(specification.Environment)
                {
                    [ChildProcess.SessionVariable] = session.Id,
                },
            },
            line =>
            {
                lock (lines)
                {
                    lines.Enqueue(line);
                    if (lines.Count > KeptLines)
                        lines.Dequeue();
                }
            }
        );
        session.Watcher.Watch(process.Identity, 0, specification.StopSignal);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await server.ProbeAsync(context, limit.Token))
        {
            if (process.Exited.IsCompleted)
                throw new InvalidOperationException(
                    $"{name} ended with {await process.Exited}:\n{string.Join('\n', lines)}"
                );
            await timer.WaitForNextTickAsync(limit.Token);
        }
        await server.CompleteAsync(context, limit.Token);
        return new ServerProcess(context.Port);
    }

    /// <summary>
    /// What the servers of one test process share. There is no end to call: the watcher stops the servers and removes
    /// their data when this process ends, however it ends.
    /// </summary>
    private sealed class Session
    {
        public Session()
        {
            Watcher = new Watcher(Id);
            // Readable by the user that PostgreSQL runs as; what is private lies in directories of its own.
            File.SetUnixFileMode(
                Directory,
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | UnixFileMode.UserExecute
                    | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherExecute
            );
            Watcher.RemoveAfterCrash(Directory);
        }

        public string Id { get; } = Guid.NewGuid().ToString("N");

        public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("veltrix-tests-").FullName;

        public Watcher Watcher { get; }
    }
}
