using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

internal static class RedisOptions
{
    public static ConfigurationOptions Create(IConfiguration section, string connectionName, string? connectionString)
    {
        var options = connectionString is null
            ? new ConfigurationOptions()
            : ConfigurationOptions.Parse(connectionString);
        // Retry in the background rather than fail the start, unless the connection string says otherwise.
        if (connectionString?.Contains("abortConnect", StringComparison.OrdinalIgnoreCase) is not true)
            options.AbortOnConnectFail = false;
        section.GetSection("ConfigurationOptions").Bind(options);
        section.GetSection($"{connectionName}:ConfigurationOptions").Bind(options);
        return options;
    }

    public static void Validate(ConfigurationOptions options, string connectionName)
    {
        if (options.EndPoints.Count == 0)
            throw new InvalidOperationException(
                "No endpoints specified. Ensure a valid connection string was provided in "
                    + $"'ConnectionStrings:{connectionName}' or for the 'Aspire:StackExchange:Redis:ConnectionString' configuration key."
            );
    }
}
