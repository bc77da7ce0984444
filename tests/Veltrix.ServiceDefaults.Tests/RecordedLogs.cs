using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Veltrix.ServiceDefaults.Tests;

/// <summary>Keeps every line that a service logged.</summary>
internal sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, string Text)> Lines => [.. _lines];

    /// <summary>Ends when there is such a line; the test's own time limit bounds it.</summary>
    public async Task UntilAsync(Func<(LogLevel Level, string Text), bool> isWanted)
    {
        while (!_lines.Any(isWanted))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(_lines);

    public void Dispose() { }

    private sealed class Recorder(ConcurrentQueue<(LogLevel Level, string Text)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
    }
}
