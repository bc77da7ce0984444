using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using LibrdkafkaRedist;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the model on this machine: projects and servers as processes, in the order in which they wait for each other.</summary>
internal sealed class LocalOrchestrator(
    DistributedApplicationModel model,
    IDistributedApplicationBuilder builder,
    OrchestrationOptions options,
    SecretFiles secrets,
    ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime
) : IHostedService, IAsyncDisposable
{
    /// <summary>After this long the table is printed as things are, with what is not healthy in it.</summary>
    private static readonly TimeSpan TableLimit = TimeSpan.FromMinutes(2);

    private const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ResourceRun> _resources = [];
    private readonly List<Task> _running = [];
    private readonly ResourcesFile _resourcesFile = new(options.DataDirectory, secrets.DirectoryPath);
    private InstanceLock? _lock;
    private ProcessSession? _session;
    private ConsoleOutput? _console;
    private PosixSignalRegistration? _hangUp;
    private HttpProbe? _probe;
    private Task _native = Task.CompletedTask;
    private bool _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.DataDirectory);
        // A temporary directory is its maker's alone, and PostgreSQL's user must enter it; what is private has directories of its own.
        if (options.Testing)
            File.SetUnixFileMode(options.DataDirectory, DirectoryMode);
        _lock = InstanceLock.Take(options.DataDirectory);
        // Of a run that was killed: its addresses are nobody's now.
        AtomicFile.Remove(_resourcesFile.FilePath);
        _console = new ConsoleOutput(
            [.. model.Resources.Select(resource => resource.Name)],
            options.Testing ? TextWriter.Null : Console.Out
        );
        _session = await ProcessSession.BeginAsync(options.DataDirectory, cancellationToken);
        _session.Watcher.RemoveAfterCrash(options.RemoveData ? options.DataDirectory : _resourcesFile.FilePath);
        if (_session.StoppedLeftOvers > 0)
            _console.Line("apphost", $"stopped {_session.StoppedLeftOvers} processes that an earlier run had left");
        _probe = new HttpProbe();
        _native = Librdkafka.EnsureAsync(line => _console.Line("apphost", line), _stopping.Token);

        foreach (var resource in model.Resources)
        {
            if (Describe(resource) is { } run)
                _resources.Add(run);
        }
        foreach (var run in _resources)
            Allocate(run);
        foreach (var run in _resources)
            AddProcesses(run);
        foreach (var run in _resources)
            run.ConnectionString = await MaskedConnectionStringAsync(run, cancellationToken);
        foreach (var run in _resources)
            _running.Add(Task.Run(() => RunAsync(run, _stopping.Token), CancellationToken.None));
        _running.Add(Task.Run(PrintTableAsync, CancellationToken.None));
        Changed();

        if (!options.Testing)
        {
            _running.Add(ParentWatch.WatchAsync(lifetime.StopApplication, _stopping.Token));
            // The terminal was closed: end in good order, as with Ctrl+C.
            _hangUp = PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                context =>
                {
                    context.Cancel = true;
                    lifetime.StopApplication();
                }
            );
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_session is null || _stopped)
            return;
        _stopped = true;
        _console!.Line("apphost", "stopping");
        await _stopping.CancelAsync();
        await _session.StopAllAsync();
        await Task.WhenAll(_running);
        foreach (var proxy in _resources.SelectMany(run => run.Proxies))
            await proxy.DisposeAsync();
        _resourcesFile.Remove();
        _console.Line("apphost", "stopped");
        await _console.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Disposed without a stop: whoever waits for the application to end must learn it.
        lifetime.StopApplication();
        await StopAsync(CancellationToken.None);
        _hangUp?.Dispose();
        _probe?.Dispose();
        _session?.Dispose();
        _lock?.Dispose();
        if (options.RemoveData && Directory.Exists(options.DataDirectory))
            Directory.Delete(options.DataDirectory, recursive: true);
        _stopping.Dispose();
    }

    private ResourceRun? Describe(IResource resource)
    {
        var stage = ModelOrder.Stage(resource);
        if (resource.TryGetLastAnnotation<LocalServer>(out var server))
            return new ResourceRun(resource, "server", stage) { Server = server };
        return resource switch
        {
            ProjectResource => new ResourceRun(resource, "project", stage),
            IResourceWithParent child => new ResourceRun(resource, "database", stage) { Owner = Find(child.Parent) },
            ParameterResource { IsConnectionString: true } => new ResourceRun(resource, "connectionString", stage),
            ParameterResource => null,
            _ => throw new DistributedApplicationException(
                $"'{resource.Name}' is a {resource.GetType().Name}: the stand-in runs projects, PostgreSQL, Redis and Kafka, "
                    + "and no containers. Build with UseStandIns=false for those."
            ),
        };
    }

    private ResourceRun? Find(IResource resource) => _resources.Find(run => run.Resource == resource);

    /// <summary>Finds a port for every endpoint before anything starts, so that whatever refers to one can be resolved.</summary>
    private void Allocate(ResourceRun run)
    {
        var serverPort = 0;
        foreach (var endpoint in run.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            int port;
            if (run.Server is not null)
            {
                // A server listens on its public port itself, on one for all of its endpoints.
                if (serverPort == 0)
                    serverPort = ChoosePort(run, endpoint.Port ?? run.Server.DefaultPort, Ports.IsFree);
                port = serverPort;
            }
            else
                port = Listen(run, endpoint);
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
            var url = endpoint.AllocatedEndpoint.UriString;
            if (run.Server is null || run.Urls.Count == 0)
                run.Urls.Add(url);
        }
    }

    private int Listen(ResourceRun run, EndpointAnnotation endpoint)
    {
        System.Net.Sockets.Socket? listener = null;
        ChoosePort(run, endpoint.Port, port => (listener = Ports.TryListen(port)) is not null);
        var proxy = new TcpProxy(listener!, () => run.Targets(endpoint.Name));
        run.Proxies.Add(proxy);
        return proxy.Port;
    }

    private int ChoosePort(ResourceRun run, int? wanted, Func<int, bool> take)
    {
        if (wanted is { } port && !options.Testing)
        {
            if (take(port))
                return port;
            var other = Another();
            run.Warnings.Add($"port {port} is taken by another program; using {other} instead");
            return other;
        }
        return Another();

        int Another()
        {
            while (true)
            {
                var free = Ports.Free();
                if (take(free))
                    return free;
            }
        }
    }

    private void AddProcesses(ResourceRun run)
    {
        if (run.Server is { } server)
        {
            var context = new LocalServerContext(
                run.Name,
                options.DataDirectory,
                run.Resource.Annotations.OfType<EndpointAnnotation>().First().AllocatedEndpoint!.Port,
                line => _console!.Line(run.Name, line)
            );
            Add(
                run.Name,
                state =>
                    async cancellation =>
                    {
                        var specification = await server.PrepareAsync(context, cancellation);
                        state.Url = server.HttpUrl;
                        return specification;
                    },
                _ => cancellation => server.ProbeAsync(context, cancellation),
                cancellation => server.CompleteAsync(context, cancellation)
            );
        }
        else if (run.Resource is ProjectResource project)
        {
            var command = new ProjectReplicaCommand(project, builder, _console!.UsesColour);
            var checks = project.Annotations.OfType<HttpHealthCheckAnnotation>().ToList();
            for (var replica = 0; replica < project.GetReplicaCount(); replica++)
            {
                var instance = ProjectReplicaCommand.NewInstanceId();
                Add(
                    $"{run.Name}-{instance}",
                    state =>
                        async cancellation =>
                        {
                            await _native.WaitAsync(cancellation);
                            var (specification, ports) = await command.PrepareAsync(instance, cancellation);
                            state.Ports = ports;
                            state.Url = ports.Count > 0 ? $"http://127.0.0.1:{ports.First().Value}" : null;
                            return specification;
                        },
                    state => cancellation => _probe!.IsHealthyAsync(checks, state.Ports, cancellation),
                    complete: null
                );
            }
        }

        void Add(
            string name,
            Func<ReplicaRun, Func<CancellationToken, Task<ProcessSpecification>>> prepare,
            Func<ReplicaRun, Func<CancellationToken, Task<bool>>> probe,
            Func<CancellationToken, Task>? complete
        )
        {
            var source = run.Resource.GetReplicaCount() > 1 ? name : run.Name;
            ReplicaRun replica = null!;
            var supervision = new Supervision(
                name,
                run.Stage,
                cancellation => prepare(replica)(cancellation),
                cancellation => probe(replica)(cancellation),
                complete,
                line => _console!.Line(source, line)
            );
            replica = new ReplicaRun(
                new SupervisedProcess(supervision, _session!, options.RestartCrashedResources, Changed)
            );
            run.Replicas.Add(replica);
        }
    }

    private async Task RunAsync(ResourceRun run, CancellationToken stopping)
    {
        try
        {
            foreach (var wait in run.Resource.Annotations.OfType<WaitAnnotation>())
            {
                if (Find(wait.Resource) is { } dependency)
                    await dependency.FirstHealthy.WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception)
        {
            _console!.Line(run.Name, "not started: something that it waits for could not be started");
            return;
        }
        await Task.WhenAll(run.Replicas.Select(replica => replica.Process.RunAsync(stopping)));
    }

    private async Task PrintTableAsync()
    {
        try
        {
            await Task.WhenAll(_resources.Select(run => run.FirstHealthy)).WaitAsync(TableLimit, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch (DistributedApplicationException error)
        {
            // A prerequisite is missing: half a platform helps nobody. The sentence says what to type.
            if (!options.Testing)
            {
                await Console.Error.WriteLineAsync(error.Message);
                Environment.ExitCode = 1;
            }
            lifetime.StopApplication();
            return;
        }
        catch (Exception error)
        {
            _console!.Line("apphost", $"not everything is healthy: {error.Message}");
        }
        _console!.Block(
            ResourceTable.Render(_resources, options.DataDirectory, secrets.DirectoryPath, _console.UsesColour)
        );
    }

    private void Changed()
    {
        foreach (var run in _resources)
        {
            if (run.Replicas.Count == 0)
                Publish(run.Resource, run.Name, run.State, run.Health, exitCode: null);
            foreach (var process in run.Replicas.Select(replica => replica.Process))
            {
                HealthStatus? health = process.IsHealthy switch
                {
                    null => null,
                    true => HealthStatus.Healthy,
                    false => HealthStatus.Unhealthy,
                };
                Publish(run.Resource, process.Name, process.State, health, process.ExitCode);
            }
        }
        _resourcesFile.Write(_resources);
    }

    private void Publish(IResource resource, string id, string state, HealthStatus? health, int? exitCode)
    {
        if (
            notifications.TryGetCurrentState(id, out var last)
            && last.Snapshot.State?.Text == state
            && last.Snapshot.HealthStatus == health
        )
            return;
        _ = notifications.PublishUpdateAsync(
            resource,
            id,
            snapshot => snapshot with { State = state, HealthStatus = health, ExitCode = exitCode }
        );
    }

    private static async Task<string?> MaskedConnectionStringAsync(ResourceRun run, CancellationToken cancellation) =>
        run.Resource is IResourceWithConnectionString resource
        && await resource.GetConnectionStringAsync(cancellation) is { } connectionString
            ? SecretMask.Apply(connectionString)
            : null;
}
