using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>Judges the document of a version that is to come. Whatever else may refuse a document joins here.</summary>
public sealed class ProposalCheck
{
    /// <summary>Everything that is wrong with <paramref name="candidate"/>; none when it may be published.</summary>
    /// <param name="candidate">The document; it has the right shape.</param>
    public IReadOnlyList<ConfigurationError> Check(PlatformConfiguration candidate) =>
        ConfigurationValidator.Validate(candidate);

    /// <summary>The refusal of a document with <paramref name="errors"/>.</summary>
    public static Refusal Refuse(IReadOnlyList<ConfigurationError> errors) =>
        new(
            ErrorCatalogue.InvalidConfiguration,
            errors.Count == 1 ? "The document has one error." : $"The document has {errors.Count} errors.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors }
        );
}
