using Microsoft.Extensions.Logging;
using Veltrix.Config.History;
using Veltrix.Configuration.History;

namespace Veltrix.Config.Tests;

public sealed class ChainStateTests
{
    [Fact]
    public void Take_BrokenHistory_LogsAnErrorEachTimeAndKeepsWhatWasIntact()
    {
        var log = new Recorder();
        var state = new ChainState(log);
        var intact = new HistoryVerdict(true, 3, "ab", null);
        var broken = new HistoryVerdict(false, 1, "cd", new ChainFault(2, "It is missing."));

        state.Take(intact);
        log.Lines.ShouldBeEmpty();
        state.Take(broken);
        state.Take(broken);

        log.Lines.Count.ShouldBe(2);
        log.Lines.ShouldAllBe(line =>
            line.StartsWith("Error: ") && line.Contains("version 2 does not fit. It is missing.")
        );
        state.Verdict.ShouldBe(broken);
        state.LastIntact.ShouldBe(intact);
    }

    private sealed class Recorder : ILogger<ChainState>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
