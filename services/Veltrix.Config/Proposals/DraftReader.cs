using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Config.Acts;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Proposals;

/// <summary>Makes a configuration of the body of a proposal. Only its shape is checked: values are judged by acts of their own.</summary>
internal static class DraftReader
{
    /// <summary>The body is the whole document.</summary>
    public static Outcome<PlatformConfiguration> Document(JsonElement body)
    {
        var errors = ConfigurationReader.Read(
            body,
            ConfigurationJson.Default.PlatformConfiguration,
            out var configuration
        );
        return errors.Count > 0 ? ProposalCheck.Refuse(errors) : Canonical(configuration!);
    }

    /// <summary>The body is a merge patch to <paramref name="target"/>.</summary>
    public static Outcome<PlatformConfiguration> Patch(PlatformConfiguration target, JsonNode? patch)
    {
        var node = JsonSerializer.SerializeToNode(target, ConfigurationJson.Default.PlatformConfiguration);
        try
        {
            return Document(JsonSerializer.SerializeToElement(MergePatch.Apply(node, patch)));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            // An escaped lone surrogate: JSON's grammar allows it (RFC 8259, section 8.2), Unicode does not.
            return new Refusal(ErrorCatalogue.InvalidRequest, exception.Message);
        }
    }

    // Numbers that only the rules would refuse can be too large for the canonical form, which a proposal is stored in.
    private static Outcome<PlatformConfiguration> Canonical(PlatformConfiguration configuration)
    {
        try
        {
            CanonicalJson.Write(configuration);
            return configuration;
        }
        catch (NotSupportedException exception)
        {
            return ProposalCheck.Refuse([new ConfigurationError("$", exception.Message)]);
        }
    }
}
