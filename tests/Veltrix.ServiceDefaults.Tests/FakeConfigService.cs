using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Tests;

/// <summary>The part of the configuration service that nodes talk to, on Kestrel; the test says what each watch receives.</summary>
internal sealed class FakeConfigService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<Watch> _watches = Channel.CreateBounded<Watch>(100);
    private readonly Channel<NodeReport> _reports = Channel.CreateBounded<NodeReport>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly ConcurrentQueue<string> _authorizations = new();
    private readonly WebApplication _app;

    private FakeConfigService(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/configuration/watch", WatchAsync);
        _app.MapPost("/nodes/report", ReportAsync);
    }

    public string Url => _app.Urls.First();

    /// <summary>What is answered to a report instead of 204.</summary>
    public int ReportStatus { get; set; } = StatusCodes.Status204NoContent;

    /// <summary>Authorization headers in the order of requests.</summary>
    public IReadOnlyList<string> Authorizations => [.. _authorizations];

    public static async Task<FakeConfigService> StartAsync(int port = 0)
    {
        var service = new FakeConfigService(port);
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>The next watch that a node opens.</summary>
    public async Task<Watch> NextWatchAsync() => await _watches.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next report of a node; one comes each second.</summary>
    public async Task<NodeReport> NextReportAsync() =>
        await _reports.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next report that is so.</summary>
    public async Task<NodeReport> NextReportAsync(Func<NodeReport, bool> isWanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (true)
            if (await _reports.Reader.ReadAsync(limit.Token) is var report && isWanted(report))
                return report;
    }

    public static ConfigurationVersion Version(int number, int workers = 2)
    {
        var configuration = PlatformConfiguration.Default with
        {
            Processor = new ProcessorConfiguration(Workers: workers),
        };
        return new(
            number,
            number == 1 ? null : number - 1,
            CanonicalJson.Hash(configuration),
            "test",
            $"Reason {number}",
            DateTimeOffset.UnixEpoch,
            configuration
        );
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task WatchAsync(HttpContext context)
    {
        _authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        var watch = new Watch(context);
        await _watches.Writer.WriteAsync(watch, context.RequestAborted);
        await watch.Ended.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<IResult> ReportAsync(NodeReport report, CancellationToken cancellation)
    {
        await _reports.Writer.WriteAsync(report, cancellation);
        return TypedResults.StatusCode(ReportStatus);
    }

    /// <summary>One open watch.</summary>
    public sealed class Watch(HttpContext context)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        /// <summary>The query parameter <c>from</c>.</summary>
        public string From { get; } = context.Request.Query["from"].ToString();

        /// <summary>The query parameter <c>node</c>.</summary>
        public string Node { get; } = context.Request.Query["node"].ToString();

        /// <param name="version">The version.</param>
        /// <param name="isCandidate">A rollout tries it.</param>
        public Task SendAsync(ConfigurationVersion version, bool isCandidate = false) =>
            WriteAsync(
                $"id: {version.Number}\nevent: {(isCandidate ? "candidate" : "version")}\ndata: {JsonSerializer.Serialize(version, ConfigurationJson.Default.ConfigurationVersion)}\n\n"
            );

        /// <summary>Raw text of the stream.</summary>
        public async Task WriteAsync(string text)
        {
            if (!context.Response.HasStarted)
                context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(text, TestContext.Current.CancellationToken);
            await context.Response.Body.FlushAsync(TestContext.Current.CancellationToken);
        }

        /// <summary>Answers with a bare status instead of a stream.</summary>
        public void Refuse(int status)
        {
            context.Response.StatusCode = status;
            _ended.TrySetResult();
        }

        /// <summary>Ends the stream in good order.</summary>
        public void End() => _ended.TrySetResult();

        /// <summary>Resets the connection.</summary>
        public void Abort()
        {
            context.Abort();
            _ended.TrySetResult();
        }
    }
}
