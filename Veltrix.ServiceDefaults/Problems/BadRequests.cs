using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Veltrix.Events;

namespace Veltrix.ServiceDefaults.Problems;

/// <summary>What was wrong with a request that the server or the parameter binding could not read.</summary>
internal static partial class BadRequests
{
    public static (Error Error, int Status, string? Detail) Classify(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
            return (StatusErrors.For(exception.StatusCode), exception.StatusCode, null);
        if (exception.InnerException is not JsonException json)
            return (ErrorCatalogue.InvalidRequest, exception.StatusCode, Readable(exception.Message));
        // A JSON text that does not parse has the reader's own exception inside; one of the wrong shape has not.
        var error = json.InnerException is JsonException ? ErrorCatalogue.MalformedJson : ErrorCatalogue.InvalidRequest;
        return (error, exception.StatusCode, Readable(json.Message) + Position(json));
    }

    private static string Position(JsonException json) =>
        $" At {json.Path ?? "$"}, line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.";

    /// <summary>Cuts the position, which follows in our own words, and the namespaces of .NET types, which say nothing to a caller.</summary>
    private static string Readable(string message) => Namespaces().Replace(Where().Replace(message, ""), "");

    [GeneratedRegex(@" Path: \S* \| LineNumber: \d+ \| BytePositionInLine: \d+\.$", RegexOptions.None, 100)]
    private static partial Regex Where();

    [GeneratedRegex(@"\b(?:[A-Z]\w*\.)+(?=[A-Z]\w)", RegexOptions.None, 100)]
    private static partial Regex Namespaces();
}
