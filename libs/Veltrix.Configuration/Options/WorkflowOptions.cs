namespace Veltrix.Configuration.Options;

internal static class WorkflowOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new(
            "workflows.huntTimeoutMinutes",
            "minutes",
            OptionRange.Of(ConfigurationLimits.HuntTimeoutMinutes),
            "After how many minutes without an end a hunt times out."
        )
        {
            Memory = "Rows of open hunts stay in PostgreSQL this long.",
            Example = "720",
        },
    ];
}
