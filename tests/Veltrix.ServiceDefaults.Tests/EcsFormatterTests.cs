using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.ServiceDefaults.Logs;
using Veltrix.Testing;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class EcsFormatterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 1, 2, 3, 45, TimeSpan.Zero);
    private readonly EcsFormatter _formatter = new(new NodeIdentity("ingest", "abcdefgh"), new ManualTime(Now));

    [Fact]
    public void Write_ARecord_IsOneLineOfEcs()
    {
        var line = Write(
            LogLevel.Warning,
            [new("Topic", "hunts"), new("messaging.system", "kafka"), new("Nothing", null)],
            "a \"quoted\"\nmessage",
            null
        );

        line.ShouldBe(
            """
            {"@timestamp":"2026-11-21T01:02:03.045Z","log.level":"warn","message":"a \"quoted\"\nmessage","ecs.version":"8.11.0","log.logger":"Veltrix.Tests","service.name":"ingest","service.node.name":"ingest-abcdefgh","labels":{"Topic":"hunts","messaging_system":"kafka"}}

            """
        );
    }

    [Fact]
    public void Write_InsideASpan_CarriesItsIds()
    {
        using var activity = new Activity("test").Start();

        using var json = JsonDocument.Parse(Write(LogLevel.Information, [], "message", null));

        json.RootElement.GetProperty("trace.id").GetString().ShouldBe(activity.TraceId.ToHexString());
        json.RootElement.GetProperty("span.id").GetString().ShouldBe(activity.SpanId.ToHexString());
    }

    [Fact]
    public void Write_AnException_CarriesTypeMessageAndStack()
    {
        using var json = JsonDocument.Parse(
            Write(LogLevel.Error, [], "message", new InvalidOperationException("broken"))
        );

        json.RootElement.GetProperty("log.level").GetString().ShouldBe("error");
        json.RootElement.GetProperty("error.type").GetString().ShouldBe("System.InvalidOperationException");
        json.RootElement.GetProperty("error.message").GetString().ShouldBe("broken");
        json.RootElement.GetProperty("error.stack_trace").GetString()!.ShouldContain("broken");
    }

    [Fact]
    public void Write_ControlAndForeignCharacters_StayOnOneLineOfValidJson()
    {
        var text = string.Concat(Enumerable.Range(0, 0x300).Select(code => (char)code)) + "\u2028\u2029𝄞";

        var line = Write(LogLevel.Information, [new("Text", text)], text, null);

        line.TrimEnd('\n').ShouldNotContain("\n");
        using var json = JsonDocument.Parse(line);
        json.RootElement.GetProperty("message").GetString().ShouldBe(text);
        json.RootElement.GetProperty("labels").GetProperty("Text").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task Console_WithTheFormatSet_WritesEcsOnly()
    {
        await using var host = await TestHostProcess.StartAsync(
            ("VELTRIX_LOG_FORMAT", "ecs"),
            ("OTEL_SERVICE_NAME", "hosted")
        );

        foreach (var line in host.StartLines)
        {
            using var json = JsonDocument.Parse(line);
            json.RootElement.GetProperty("service.name").GetString().ShouldBe("hosted");
        }
    }

    private string Write(LogLevel level, KeyValuePair<string, object?>[] state, string message, Exception? error)
    {
        using var writer = new StringWriter();
        _formatter.Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
                level,
                "Veltrix.Tests",
                default,
                state,
                error,
                (_, _) => message
            ),
            null,
            writer
        );
        return writer.ToString();
    }
}
