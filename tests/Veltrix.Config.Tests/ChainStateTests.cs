using Veltrix.Config.History;
using Veltrix.Configuration.History;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class ChainStateTests
{
    [Fact]
    public void Take_BrokenHistory_LogsAnErrorEachTimeAndKeepsWhatWasIntact()
    {
        using var log = new RecordedLogs();
        var state = new ChainState(log.For<ChainState>());
        var intact = new HistoryVerdict(true, 3, "ab", null);
        var broken = new HistoryVerdict(false, 1, "cd", new ChainFault(2, "It is missing."));

        state.Take(intact);
        log.Lines.ShouldBeEmpty();
        state.Take(broken);
        state.Take(broken);

        log.Errors.Count.ShouldBe(2);
        log.Errors.ShouldAllBe(line => line.Contains("version 2 does not fit. It is missing."));
        state.Verdict.ShouldBe(broken);
        state.LastIntact.ShouldBe(intact);
    }
}
