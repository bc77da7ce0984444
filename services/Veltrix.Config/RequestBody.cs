using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config;

internal static class RequestBody
{
    /// <summary>Reads the body as one JSON document, or says why not; exactly one of the two is null.</summary>
    public static async Task<(JsonDocument? Document, ProblemHttpResult? Problem)> ReadJsonAsync(
        HttpRequest request,
        JsonDocumentOptions options = default
    )
    {
        try
        {
            return (await JsonDocument.ParseAsync(request.Body, options, request.HttpContext.RequestAborted), null);
        }
        catch (JsonException exception)
        {
            return (null, ErrorCatalogue.InvalidRequest.ToProblem($"The body is not JSON: {exception.Message}"));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ErrorCatalogue.RequestTooLarge.ToProblem(exception.Message));
        }
    }
}
