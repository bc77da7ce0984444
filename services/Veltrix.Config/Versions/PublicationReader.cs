using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config.Versions;

/// <summary>Reads <c>{"reason":…,"configuration":…}</c>. Paths of errors begin at the configuration, as its editors see it.</summary>
internal static class PublicationReader
{
    private const string Members =
        "The body must be an object with the members reason and configuration, and no others.";

    public static ProblemHttpResult? Read(JsonElement body, out Publication? publication)
    {
        publication = null;
        if (body.ValueKind != JsonValueKind.Object)
            return ErrorCatalogue.InvalidRequest.ToProblem(Members);
        var members = body.EnumerateObject().ToList();
        if (
            !body.TryGetProperty("configuration", out var document)
            || members.Any(member => !member.NameEquals("reason") && !member.NameEquals("configuration"))
            || members.Count(member => member.NameEquals("reason")) > 1
            || members.Count(member => member.NameEquals("configuration")) > 1
        )
            return ErrorCatalogue.InvalidRequest.ToProblem(Members);
        var reason = Reason(body);
        var errors = ConfigurationReader.Read(document, out var configuration);
        if (errors.Count > 0)
            return ErrorCatalogue.InvalidConfiguration.ToProblem(
                errors.Count == 1 ? "The document has one error." : $"The document has {errors.Count} errors.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors }
            );
        if (reason is null)
            return ErrorCatalogue.MissingReason.ToProblem(
                $"reason must be a string of 1 to {Publication.MaximumReasonCharacters} characters without control characters."
            );
        publication = new Publication(reason, configuration!);
        return null;
    }

    private static string? Reason(JsonElement body)
    {
        if (!body.TryGetProperty("reason", out var member) || member.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            var reason = member.GetString()!.Trim();
            // PostgreSQL cannot store U+0000, and a reason is shown on one line.
            return reason.Length is >= 1 and <= Publication.MaximumReasonCharacters && !reason.Any(char.IsControl)
                ? reason
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
