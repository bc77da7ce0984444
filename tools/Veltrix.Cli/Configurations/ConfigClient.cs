using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Cli.Platform;

namespace Veltrix.Cli.Configurations;

/// <summary>Asks the configuration service. Addresses are relative to the root, for instance <c>/configuration</c>.</summary>
internal sealed class ConfigClient(HttpClient client, string root) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A client of the platform's configuration service.</summary>
    /// <param name="platform">Where it is, and the operator's key.</param>
    /// <param name="root">Of the addresses.</param>
    public static ConfigClient Of(PlatformConnection platform, string root) =>
        new(Http.Client(platform.Config, platform.OperatorKey, connections: 1, RequestTimeout), root);

    public async Task<T> GetAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        Parse(await SendAsync(HttpMethod.Get, address, null, null, cancellation), type);

    public Task<byte[]> GetBytesAsync(string address, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, address, null, null, cancellation);

    /// <summary>Does an act.</summary>
    /// <param name="method">POST, or DELETE.</param>
    /// <param name="address">With its query.</param>
    /// <param name="basedOn">The version that must still be the current one; null for any.</param>
    /// <param name="type">Of the answer.</param>
    /// <param name="cancellation">Stops waiting; the act may be done all the same.</param>
    /// <param name="body">Null for none.</param>
    public async Task<T> ActAsync<T>(
        HttpMethod method,
        string address,
        int? basedOn,
        JsonTypeInfo<T> type,
        CancellationToken cancellation,
        HttpContent? body = null
    ) => Parse(await SendAsync(method, address, basedOn, body, cancellation), type);

    public void Dispose() => client.Dispose();

    private async Task<byte[]> SendAsync(
        HttpMethod method,
        string address,
        int? basedOn,
        HttpContent? body,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, $"{root}{address}") { Content = body };
        if (basedOn is { } number)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{number}\""));
        using var response = await client.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (response.IsSuccessStatusCode)
            return answer;
        var status = (int)response.StatusCode;
        var refused = Http.Refused(client.BaseAddress, status, answer);
        // The service understood and judged, in contrast to a key that is unknown or a service that is away.
        throw status is 404 or 409 or 412 or 422 || refused.Code == Events.ErrorCatalogue.OwnApproval.Code
            ? new CliException(refused.Code, refused.Title, refused.Message, refused.Fix)
            {
                ExitCode = ExitCode.BadResult,
            }
            : refused;
    }

    private static T Parse<T>(byte[] answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException exception)
        {
            throw new CliException(
                Events.ErrorCatalogue.ServiceUnreachable,
                $"The configuration service's answer cannot be read: {exception.Message}"
            );
        }
    }
}
