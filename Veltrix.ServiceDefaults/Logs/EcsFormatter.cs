using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Veltrix.ServiceDefaults.Logs;

/// <summary>
/// One JSON object per line in Elastic Common Schema; the first members stand in the order that ecs-logging wants.
/// Source: Elastic Common Schema 8.11 and the ecs-logging specification.
/// </summary>
internal sealed class EcsFormatter(NodeIdentity node, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "ecs";
    private const string EcsVersion = "8.11.0";
    private const string MessageTemplate = "{OriginalFormat}";

    private static readonly JsonWriterOptions Options = new()
    {
        // A log line is no HTML: quotes and umlauts stay readable. Control characters are still escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString(
                "@timestamp",
                clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            );
            json.WriteString("log.level", Level(logEntry.LogLevel));
            json.WriteString("message", message);
            json.WriteString("ecs.version", EcsVersion);
            json.WriteString("log.logger", logEntry.Category);
            json.WriteString("service.name", node.Service);
            json.WriteString("service.node.name", node.Name);
            WriteTrace(json);
            WriteError(json, logEntry.Exception);
            WriteLabels(json, logEntry.State);
            json.WriteEndObject();
        }
        textWriter.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        textWriter.Write('\n');
    }

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "error",
            _ => "fatal",
        };

    private static void WriteTrace(Utf8JsonWriter json)
    {
        if (Activity.Current is not { } activity)
            return;
        json.WriteString("trace.id", activity.TraceId.ToHexString());
        json.WriteString("span.id", activity.SpanId.ToHexString());
    }

    private static void WriteError(Utf8JsonWriter json, Exception? error)
    {
        if (error is null)
            return;
        json.WriteString("error.type", error.GetType().FullName);
        json.WriteString("error.message", error.Message);
        json.WriteString("error.stack_trace", error.ToString());
    }

    /// <summary>Labels are flat keywords: dots in their names would make objects of them.</summary>
    private static void WriteLabels(Utf8JsonWriter json, object? state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values)
            return;
        var started = false;
        foreach (var (name, value) in values)
        {
            if (value is null || string.Equals(name, MessageTemplate, StringComparison.Ordinal))
                continue;
            if (!started)
                json.WriteStartObject("labels");
            started = true;
            json.WriteString(name.Replace('.', '_'), Convert.ToString(value, CultureInfo.InvariantCulture));
        }
        if (started)
            json.WriteEndObject();
    }
}
