using System.Net.Http.Headers;
using System.Text.Json;
using Veltrix.Events;

namespace Veltrix.Cli;

internal static class Http
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A client with a bounded number of connections, none of which goes through a proxy.</summary>
    public static HttpClient Client(Uri address, string key, int connections, TimeSpan requestTimeout)
    {
        var client = new HttpClient(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = connections,
                ConnectTimeout = ConnectTimeout,
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                ActivityHeadersPropagator = null,
            }
        )
        {
            BaseAddress = address,
            Timeout = requestTimeout,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Whether the request failed on its way, so that another attempt may succeed.</summary>
    public static bool IsTransport(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>What the user reads when a service refuses: its own problem document, as far as it sent one.</summary>
    public static CliException Refused(Uri? address, int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (Text("code") is { } code)
                return new CliException(
                    code,
                    Text("title") ?? $"HTTP {status}",
                    Detail(problem.RootElement),
                    Text("fix")
                );

            string? Text(string member) =>
                problem.RootElement.ValueKind == JsonValueKind.Object
                && problem.RootElement.TryGetProperty(member, out var value)
                    ? value.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not a problem document: the status has to do.
        }
        return status switch
        {
            401 => new CliException(ErrorCatalogue.Unauthenticated, $"{address} does not know the key."),
            403 => new CliException(ErrorCatalogue.Forbidden, $"{address} does not allow this with the key."),
            _ => new CliException(ErrorCatalogue.ServiceUnreachable, $"{address} answered with HTTP {status}."),
        };
    }

    private static string? Detail(JsonElement problem)
    {
        var detail = problem.TryGetProperty("detail", out var value) ? value.GetString() : null;
        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
            return detail;
        return string.Join(
            $"{Environment.NewLine}  ",
            errors.EnumerateArray().Select(error => error.ToString()).Prepend(detail)
        );
    }
}
