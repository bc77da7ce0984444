using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Veltrix.Processor.Database;

/// <summary>The connection pool of the work on batches, and the gate that opens once the schema is there.</summary>
internal sealed class ProcessingDatabase : IAsyncDisposable
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "processingdb";

    private readonly IServiceScopeFactory _scopes;
    private readonly TaskCompletionSource _schema = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessingDatabase(IConfiguration configuration, IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        var settings = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(ConnectionName))
        {
            ApplicationName = "veltrix-processor",
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            // Statements must fail rather than hang when the server's machine is gone.
            CommandTimeout = 30,
            Timeout = 5,
            KeepAlive = 10,
        };
        if (settings.MaxPoolSize > 20)
            settings.MaxPoolSize = 20;
        // A generic plan made while a table was empty scans it for ever: 3 to 5 times slower once it has filled.
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_custom_plan".TrimStart();
        Source = NpgsqlDataSource.Create(settings);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Whether the schema is there.</summary>
    public bool IsReady => _schema.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the schema is there.</summary>
    public Task ReadyAsync(CancellationToken cancellation) => _schema.Task.WaitAsync(cancellation);

    /// <summary>Brings the schema up to date. Replicas that start together take turns under EF Core's own lock.</summary>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ProcessingContext>();
        await context.Database.MigrateAsync(cancellation);
        _schema.TrySetResult();
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
