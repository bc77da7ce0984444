using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Veltrix.Testing;

/// <summary>Keeps what is logged: every error, and the first 10,000 lines of all else. A text ends with its exception.</summary>
public sealed class RecordedLogs : ILoggerProvider, ILogger
{
    private const int KeptLines = 10_000;
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private int _otherLines;

    /// <summary>Of every level, oldest first.</summary>
    public IReadOnlyCollection<(LogLevel Level, string Text)> Lines => _lines;

    /// <summary>Those of errors and worse.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>This, as somebody's logger.</summary>
    public ILogger<T> For<T>() => new LoggerFactory([this]).CreateLogger<T>();

    /// <summary>Ends when there is such a line.</summary>
    public Task UntilAsync(Func<(LogLevel Level, string Text), bool> isWanted) =>
        Eventually.HoldsAsync(() => _lines.Any(isWanted), cancellation: TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var isError = logLevel >= LogLevel.Error;
        if (!isError && Interlocked.Increment(ref _otherLines) > KeptLines)
            return;
        var text = $"{formatter(state, exception)} {exception}".TrimEnd();
        _lines.Enqueue((logLevel, text));
        if (isError)
            _errors.Enqueue(text);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
