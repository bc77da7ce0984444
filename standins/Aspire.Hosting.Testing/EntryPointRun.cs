using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an AppHost's entry point, on a thread of its own: it stands still where it builds the application until
/// the test wants that, and where it runs the application until the test stops it.
/// </summary>
internal sealed class EntryPointRun : BuilderInterception
{
    private readonly Assembly _assembly;
    private readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> _configure;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder =
        Completion<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource<DistributedApplication> _application = Completion<DistributedApplication>();
    private readonly TaskCompletionSource<bool> _build = Completion<bool>();

    public EntryPointRun(
        Assembly assembly,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure
    )
    {
        _assembly = assembly;
        _configure = configure;
        var thread = new Thread(() => Invoke(args))
        {
            IsBackground = true,
            Name = $"{assembly.GetName().Name} entry point",
        };
        thread.Start();
    }

    public Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellation) =>
        _builder.Task.WaitAsync(cancellation);

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellation)
    {
        _build.TrySetResult(true);
        return _application.Task.WaitAsync(cancellation);
    }

    /// <summary>Lets an entry point end whose application nobody wants any more.</summary>
    public void Abandon() => _build.TrySetResult(false);

    public override void Constructing(
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings hostSettings
    )
    {
        // The entry assembly is the test's.
        options.AssemblyName ??= _assembly.GetName().Name;
        hostSettings.EnvironmentName ??= Environments.Development;
        _configure(options, hostSettings);
    }

    public override void Constructed(DistributedApplicationBuilder builder)
    {
        var settings = new Dictionary<string, string?> { ["StandIns:Testing"] = "true" };
        if (string.IsNullOrEmpty(builder.Configuration["StandIns:DataDirectory"]))
        {
            settings["StandIns:DataDirectory"] = Directory.CreateTempSubdirectory("veltrix-apphost-").FullName;
            settings["StandIns:RemoveData"] = "true";
        }
        builder.Configuration.AddInMemoryCollection(settings);
        _builder.TrySetResult(builder);
    }

    public override void Building(DistributedApplicationBuilder builder)
    {
        if (!_build.Task.GetAwaiter().GetResult())
            throw new OperationCanceledException("The test has ended.");
    }

    public override void Built(DistributedApplication application) => _application.TrySetResult(application);

    public override async Task RunAsync(DistributedApplication application, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
        await using var stopping = lifetime.ApplicationStopping.Register(() => ended.TrySetResult());
        await ended.Task.WaitAsync(cancellation);
    }

    private void Invoke(string[] args)
    {
        Current = this;
        try
        {
            var entryPoint =
                _assembly.EntryPoint
                ?? throw new InvalidOperationException($"{_assembly.GetName().Name} has no entry point.");
            var parameters = entryPoint.GetParameters().Length == 0 ? null : new object[] { args };
            var result = entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null);
            if (result is Task task)
                task.GetAwaiter().GetResult();
            Fail(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Fail(Exception error)
    {
        _builder.TrySetException(error);
        _application.TrySetException(error);
        // Nobody may be waiting for it.
        _ = _builder.Task.Exception;
        _ = _application.Task.Exception;
    }

    private static TaskCompletionSource<T> Completion<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
