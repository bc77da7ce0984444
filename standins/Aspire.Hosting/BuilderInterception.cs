using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Lets the testing builder take part when an AppHost's own entry point creates, builds and runs its application.
/// Ambient per asynchronous flow, so that several AppHosts can be tested at once.
/// </summary>
internal abstract class BuilderInterception
{
    private static readonly AsyncLocal<BuilderInterception?> Ambient = new();

    public static BuilderInterception? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Before anything is read from <paramref name="options"/> and <paramref name="hostSettings"/>.</summary>
    public abstract void Constructing(
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings hostSettings
    );

    /// <summary>After the constructor of the builder.</summary>
    public abstract void Constructed(DistributedApplicationBuilder builder);

    /// <summary>The entry point calls Build; may block until a test wants the application.</summary>
    public abstract void Building(DistributedApplicationBuilder builder);

    /// <summary>Build is about to return <paramref name="application"/>.</summary>
    public abstract void Built(DistributedApplication application);

    /// <summary>The entry point runs <paramref name="application"/>, which a test starts and stops.</summary>
    public abstract Task RunAsync(DistributedApplication application, CancellationToken cancellation);
}
