namespace Veltrix.Configuration.Validation;

internal static class RetryRules
{
    public static void Check(RetryConfiguration retry, ErrorList errors)
    {
        errors.Range(
            "$.processor.retry.firstMilliseconds",
            retry.FirstMilliseconds,
            ConfigurationLimits.RetryMilliseconds
        );
        errors.Range(
            "$.processor.retry.longestMilliseconds",
            retry.LongestMilliseconds,
            ConfigurationLimits.RetryMilliseconds
        );
        if (retry.FirstMilliseconds > retry.LongestMilliseconds)
            errors.Add(
                "$.processor.retry.longestMilliseconds",
                "The longest pause is shorter than the first.",
                $"at least processor.retry.firstMilliseconds ({retry.FirstMilliseconds})"
            );
    }
}
