using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> SwitchMappings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--output-path"] = "Pipeline:OutputPath",
    };

    private readonly HostApplicationBuilder _host;
    private readonly BuilderInterception? _interception = BuilderInterception.Current;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var settings = new HostApplicationBuilderSettings();
        _interception?.Constructing(options, settings);
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        var facts = AppHostFacts.Of(AppHostAssembly);
        var directory = options.ProjectDirectory ?? facts.Directory;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        if (Directory.Exists(directory))
            settings.ContentRootPath ??= directory;
        _host = new HostApplicationBuilder(settings);
        Configuration.AddCommandLine(options.Args ?? [], SwitchMappings);
        AppHostDirectory = directory ?? Environment.ContentRootPath;

        ExecutionContext = ReadExecutionContext(Configuration);
        AddAppHostConfiguration(facts);
        Services.AddSingleton<IDistributedApplicationBuilder>(this);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton(new ResourceNotificationService());
        // What a service logs is shown by the orchestrator; the host's own start and stop messages are noise beside it.
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // It logs what DistributedApplication.RunAsync says in one sentence, with its stack.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (ExecutionContext.IsPublishMode)
            this.AddManifestPublishing();
        else
            this.AddLocalOrchestration();
        _interception?.Constructed(this);
    }

    public Assembly? AppHostAssembly { get; }

    public string AppHostDirectory { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IServiceCollection Services => _host.Services;

    /// <exception cref="DistributedApplicationException">Another resource has the name already.</exception>
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out var existing))
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive."
            );
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _interception?.Building(this);
        var application = new DistributedApplication(_host.Build(), _interception);
        ExecutionContext.Services = application.Services;
        _interception?.Built(application);
        return application;
    }

    private static DistributedApplicationExecutionContext ReadExecutionContext(IConfiguration configuration)
    {
        var publisher = configuration["Publishing:Publisher"];
        var step = configuration["Pipeline:Step"];
        var publishes =
            string.Equals(configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase)
            || publisher is not null;
        if (!publishes)
            return new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run);
        if (publisher is not (null or "manifest") || (publisher is null && step is not "publish-manifest"))
            throw new DistributedApplicationException(
                $"This stand-in publishes the manifest only: '--publisher manifest', not '{publisher ?? step}'."
            );
        return new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish);
    }

    private void AddAppHostConfiguration(AppHostFacts facts)
    {
        var path = Path.GetFullPath(Path.Join(AppHostDirectory, facts.ProjectName));
        var pathHash = AppHostFacts.Hash(path.ToLowerInvariant());
        var nameHash = AppHostFacts.Hash(facts.ProjectName);
        Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                ["AppHost:Directory"] = AppHostDirectory,
                ["AppHost:Path"] = path,
                ["AppHost:PathSha256"] = pathHash,
                ["AppHost:ProjectNameSha256"] = nameHash,
                ["AppHost:Sha256"] = ExecutionContext.IsPublishMode ? nameHash : pathHash,
            }
        );
    }
}
