using System.Net;
using System.Text.Json.Nodes;
using Veltrix.Ingest.Tests;

namespace Veltrix.Options.Tests.Probes;

/// <summary>Limits of the front door: the same request is accepted before and refused after.</summary>
internal static class AdmissionProbes
{
    public static IEnumerable<Probe> All =>
        [
            Refuses(
                "ingest.maximumBodyBytes",
                1_024,
                Events(count: 1, bytes: 2_000),
                HttpStatusCode.RequestEntityTooLarge
            ),
            Refuses("ingest.maximumBatchEvents", 1, Events(count: 2, bytes: 10), HttpStatusCode.RequestEntityTooLarge),
            Refuses(
                "ingest.maximumEventBytes",
                1_024,
                Events(count: 1, bytes: 2_000),
                HttpStatusCode.RequestEntityTooLarge
            ),
            Refuses(
                "ingest.maximumBytesInFlight",
                1_048_576,
                Events(count: 4, bytes: 400_000),
                HttpStatusCode.TooManyRequests
            ),
            Refuses(
                "eventTypes[].maximumBytes",
                64,
                Events(count: 1, bytes: 500),
                HttpStatusCode.RequestEntityTooLarge
            ),
        ];

    private static Probe Refuses(string path, JsonNode limit, string batch, HttpStatusCode refusal) =>
        new(
            path,
            async (nodes, _) =>
            {
                var host = await nodes.IngestAsync();
                var configuration = host.Configuration.Current.Configuration;
                (await host.PostAsync(batch, HttpExtensions.Batch)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

                await host.WhileAsync(
                    configuration.With(path, limit),
                    async () => (await host.PostAsync(batch, HttpExtensions.Batch)).StatusCode.ShouldBe(refusal)
                );
            }
        );

    private static string Events(int count, int bytes)
    {
        var events = Enumerable
            .Range(0, count)
            .Select(number =>
                $$"""{"id":"{{Guid.NewGuid()}}-{{number}}","source":"/probes","specversion":"1.0","type":"com.veltrix.player.moved","data":"{{new string('x', bytes)}}"}"""
            );
        return $"[{string.Join(',', events)}]";
    }
}
