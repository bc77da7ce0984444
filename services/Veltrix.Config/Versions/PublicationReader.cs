using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Config.Acts;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config.Versions;

/// <summary>Reads the shape of <c>{"reason":…,"configuration":…}</c>. Paths of errors begin at the configuration, as its editors see it.</summary>
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
        var errors = ConfigurationReader.Read(
            document,
            ConfigurationJson.Default.PlatformConfiguration,
            out var configuration
        );
        if (errors.Count > 0)
            return ProposalCheck.Refuse(errors).ToProblem();
        if (Reason(body) is not { } reason)
            return ReasonText.Missing();
        publication = new Publication(reason, configuration!);
        return null;
    }

    private static string? Reason(JsonElement body)
    {
        if (!body.TryGetProperty("reason", out var member) || member.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return ReasonText.Read(member.GetString());
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate.
            return null;
        }
    }
}
