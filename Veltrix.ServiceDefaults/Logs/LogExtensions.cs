using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Veltrix.ServiceDefaults.Logs;

/// <summary>One readable line per record, or with <c>VELTRIX_LOG_FORMAT=ecs</c> one JSON object in Elastic Common Schema.</summary>
internal static class LogExtensions
{
    private const string Format = "VELTRIX_LOG_FORMAT";

    public static void AddLogs(this IHostApplicationBuilder builder)
    {
        if (
            string.Equals(builder.Configuration[Format], EcsFormatter.FormatterName, StringComparison.OrdinalIgnoreCase)
        )
            builder
                .Logging.AddConsole(console => console.FormatterName = EcsFormatter.FormatterName)
                .AddConsoleFormatter<EcsFormatter, ConsoleFormatterOptions>();
        else
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
    }
}
