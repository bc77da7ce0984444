using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Veltrix.Config.Versions;
using Veltrix.Testing;

namespace Veltrix.Cli.Tests;

/// <summary>The real configuration service on a real database, and the files of a running AppHost.</summary>
internal sealed class ConfigPlatform : IAsyncDisposable
{
    private const string OperatorKey = "the-operator-key";
    private const string SecondKey = "the-second-key";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _database;
    private readonly Service _service;

    private ConfigPlatform(string database)
    {
        _database = database;
        _service = new(database);
    }

    /// <summary>Directory that holds <c>.veltrix</c>.</summary>
    public string Directory => _directory.Path;

    /// <summary>File with the key of another operator.</summary>
    public string SecondKeyFile => Path.Combine(Directory, "second-key");

    public static async Task<ConfigPlatform> StartAsync()
    {
        var platform = new ConfigPlatform(await Servers.PostgresAsync());
        platform._service.StartServer();
        await platform
            ._service.Services.GetRequiredService<CurrentVersion>()
            .WaitBeyondAsync(0, TestContext.Current.CancellationToken);
        platform.WriteFiles();
        return platform;
    }

    /// <summary>Runs <c>veltrix config</c> in the platform's directory.</summary>
    public Task<CliRun> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    public Task<CliRun> RunWithInputAsync(string input, params string[] arguments) =>
        CliRun.ExecuteAsync(Directory, ["config", .. arguments], input);

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<CliRun> MustAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        return run;
    }

    /// <summary>Proposes another number of workers.</summary>
    public async Task ProposeWorkersAsync(int workers)
    {
        await File.WriteAllTextAsync(
            Path.Combine(Directory, "patch.json"),
            $$"""{"processor":{"workers": {{workers}} } }""",
            TestContext.Current.CancellationToken
        );
        await MustAsync("propose", "patch.json", "--patch", "--reason", "Test");
    }

    /// <summary>Runs SQL past the service.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _directory.Dispose();
    }

    private void WriteFiles()
    {
        var secrets = System.IO.Directory.CreateDirectory(Path.Combine(Directory, ".veltrix", "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, "operator-key"), OperatorKey);
        File.WriteAllText(SecondKeyFile, SecondKey);
        var address = _service.ClientOptions.BaseAddress;
        File.WriteAllText(
            Path.Combine(Directory, ".veltrix", "resources.json"),
            $$"""
            {"appHost":{"secretsDirectory":{{JsonSerializer.Serialize(
                secrets
            )}}},"resources":[{"name":"config","urls":["{{address}}"]}]}
            """
        );
    }

    private sealed class Service : WebApplicationFactory<VersionFeed>
    {
        private readonly string _connectionString;

        public Service(string connectionString)
        {
            _connectionString = connectionString;
            UseKestrel();
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder) =>
            // Not UseKestrel(port): that sets the address after the build, when the service may already have started.
            builder
                .UseUrls("http://127.0.0.1:0")
                .UseSetting("ConnectionStrings:configdb", _connectionString)
                .UseSetting("Keys:Operator", OperatorKey)
                .UseSetting("Keys:Operators:second", SecondKey)
                .UseSetting("Logging:LogLevel:Default", "Error");
    }
}
