using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config;

internal static class RequestBody
{
    /// <summary>Reads the body as one JSON document, or one of YAML where the request says so, or says why not; exactly one of the two is null.</summary>
    public static async Task<(JsonDocument? Document, ProblemHttpResult? Problem)> ReadJsonAsync(
        HttpRequest request,
        JsonDocumentOptions options = default
    )
    {
        try
        {
            return (await ParseAsync(request, options), null);
        }
        catch (JsonException exception)
        {
            return (null, ErrorCatalogue.InvalidRequest.ToProblem($"The body is not JSON: {exception.Message}"));
        }
        catch (FormatException exception)
        {
            return (null, ErrorCatalogue.InvalidRequest.ToProblem($"The body is not YAML: {exception.Message}"));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ErrorCatalogue.RequestTooLarge.ToProblem(exception.Message));
        }
    }

    private static async Task<JsonDocument> ParseAsync(HttpRequest request, JsonDocumentOptions options)
    {
        var cancellation = request.HttpContext.RequestAborted;
        if (!IsYaml(request))
            return await JsonDocument.ParseAsync(request.Body, options, cancellation);
        using var yaml = new MemoryStream();
        await request.Body.CopyToAsync(yaml, cancellation);
        return JsonDocument.Parse(ConfigurationYaml.ToJson(yaml.GetBuffer().AsSpan(0, (int)yaml.Length)), options);
    }

    private static bool IsYaml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && ConfigurationYaml.IsMediaType(type.MediaType.AsSpan());
}
