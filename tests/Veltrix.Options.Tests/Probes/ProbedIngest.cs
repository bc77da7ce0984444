using System.Net;
using Veltrix.Configuration;
using Veltrix.Ingest.Tests;
using Veltrix.Testing;

namespace Veltrix.Options.Tests.Probes;

/// <summary>What the probes of ingest do with the node that they share.</summary>
internal static class ProbedIngest
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Looks at the node while it runs on another configuration; the next probe finds it as it was.</summary>
    public static async Task WhileAsync(this IngestHost host, PlatformConfiguration changed, Func<Task> look)
    {
        var configuration = host.Configuration.Current.Configuration;
        host.Configuration.Publish(changed);
        try
        {
            await look();
        }
        finally
        {
            host.Configuration.Publish(configuration);
            await host.AnswersAsync(HttpStatusCode.Accepted);
        }
    }

    /// <summary>
    /// Waits until an event is answered like this: topics are created beside the requests, and a connection whose body was
    /// refused unread is closed.
    /// </summary>
    public static Task AnswersAsync(this IngestHost host, HttpStatusCode status) =>
        Eventually.AnswersAsync(host.PostMoveAsync, answer => answer == status, Limit);

    /// <summary>Sends one event.</summary>
    public static async Task<HttpStatusCode> PostMoveAsync(this IngestHost host) =>
        (
            await host.PostAsync(
                $$"""{"id":"{{Guid.NewGuid()}}","source":"/probes","specversion":"1.0","type":"com.veltrix.player.moved"}"""
            )
        ).StatusCode;
}
