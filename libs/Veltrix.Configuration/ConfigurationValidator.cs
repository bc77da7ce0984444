using Veltrix.Configuration.Validation;

namespace Veltrix.Configuration;

/// <summary>Checks the values of a configuration, aspect by aspect, and returns every error at once.</summary>
public static class ConfigurationValidator
{
    /// <summary>All errors, in the order of the document; none when the configuration is acceptable.</summary>
    public static IReadOnlyList<ConfigurationError> Validate(PlatformConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var errors = new ErrorList();
        ClusterRules.Check(configuration.Clusters, errors);
        EventTypeRules.Check(configuration, errors);
        IngestRules.Check(configuration.Ingest, errors);
        ProcessorRules.Check(configuration, errors);
        errors.Range(
            "$.workflows.huntTimeoutMinutes",
            configuration.Workflows.HuntTimeoutMinutes,
            ConfigurationLimits.HuntTimeoutMinutes
        );
        LimitsRules.Check(configuration.Limits, errors);
        TrafficRules.Check(configuration.Traffic, errors);
        return errors.All;
    }
}
