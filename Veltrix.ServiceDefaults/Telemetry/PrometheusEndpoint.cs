using Microsoft.AspNetCore.Http;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.ServiceDefaults.Telemetry;

/// <summary><c>GET /metrics</c>.</summary>
internal static class PrometheusEndpoint
{
    public static async Task<IResult> GetAsync(PrometheusExporter exporter, CancellationToken cancellation) =>
        await exporter.ScrapeAsync(cancellation) is { } page
            ? TypedResults.Bytes(page, PrometheusText.ContentType)
            : ErrorCatalogue.NotReady.ToProblem("The metrics could not be collected in time.");
}
