using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Veltrix.Hosting.TestHost;

/// <summary>This program in its other role: the service that the AppHost runs.</summary>
public sealed class TestService : IProjectMetadata
{
    /// <summary>The argument that chooses the role.</summary>
    public const string Argument = "serve";

    /// <inheritdoc/>
    // bin/Configuration/net10.0/ lies in the project's directory.
    public string ProjectPath { get; } =
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "../../../../Veltrix.Hosting.TestHost/Veltrix.Hosting.TestHost.csproj"
            )
        );

    internal static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/health", () => Results.Ok());
        app.MapGet(
            "/who",
            () =>
                Results.Json(
                    new
                    {
                        Environment.ProcessId,
                        Instance = Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES"),
                        Service = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME"),
                        Profile = Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE"),
                    }
                )
        );
        app.Run();
    }
}
