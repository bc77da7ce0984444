using System.Security.Cryptography;
using System.Text;
using Veltrix.Configuration.History;

namespace Veltrix.Configuration.Tests.History;

public sealed class ChainCheckTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_WholeHistory_Fits()
    {
        var check = new ChainCheck();

        foreach (var row in History(5))
            check.Next(row.Link, row.Document, row.ChainHash).ShouldBeNull();

        check.Versions.ShouldBe(5);
        check.ChainHash.ShouldBe(History(5)[^1].ChainHash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Next_VersionMissing_NamesIt(int index)
    {
        var history = History(5);
        history.RemoveAt(index);

        FirstFault(history).ShouldNotBeNull().Number.ShouldBe(index + 1);
    }

    [Fact]
    public void Next_ChangedReason_NamesThatVersion()
    {
        var history = History(5);
        history[2] = history[2] with { Link = history[2].Link with { Reason = "Another" } };

        FirstFault(history).ShouldNotBeNull().Number.ShouldBe(3);
    }

    [Fact]
    public void Next_ChangedDocument_NamesThatVersion()
    {
        var history = History(5);
        history[3] = history[3] with { Document = "{}" };

        var fault = FirstFault(history).ShouldNotBeNull();
        fault.Number.ShouldBe(4);
        fault.Reason.ShouldContain("document");
    }

    [Fact]
    public void Next_OtherParent_NamesThatVersion()
    {
        var history = History(5);
        history[3] = history[3] with { Link = history[3].Link with { Parent = 1 } };

        FirstFault(history).ShouldNotBeNull().Number.ShouldBe(4);
    }

    // Whoever changes a version and makes its own chain hash fit again is found at the next one.
    [Fact]
    public void Next_VersionRewrittenWithItsChainHash_NamesTheNextVersion()
    {
        var history = History(5);
        var changed = history[2].Link with { Author = "somebody" };
        history[2] = history[2] with { Link = changed, ChainHash = HashChain.Hash(history[1].ChainHash, changed) };

        FirstFault(history).ShouldNotBeNull().Number.ShouldBe(4);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    public void Next_ChangedReport_NamesThatVersion(string? report)
    {
        var history = History(5);
        history[3] = history[3] with { Link = history[3].Link with { Report = HashChain.HashOf(report) } };

        FirstFault(history).ShouldNotBeNull().Number.ShouldBe(4);
    }

    // As it was before reports were sealed: those versions stay what they are.
    [Fact]
    public void Next_ReportsSealedFromOneVersionOn_FitsAndNeverGoesBack()
    {
        FirstFault(History(5, sealedFrom: 3)).ShouldBeNull();
        FirstFault(History(5, sealedFrom: 6)).ShouldBeNull();
        var history = History(5, sealedFrom: 3);
        history[4] = history[4] with
        {
            ChainHash = HashChain.Hash(history[3].ChainHash, history[4].Link with { Report = null }),
        };

        FirstFault(history).ShouldNotBeNull().Number.ShouldBe(5);
    }

    private static ChainFault? FirstFault(List<Row> history)
    {
        var check = new ChainCheck();
        return history
            .Select(row => check.Next(row.Link, row.Document, row.ChainHash))
            .FirstOrDefault(fault => fault is not null);
    }

    private static List<Row> History(int versions, int sealedFrom = 1)
    {
        var history = new List<Row>();
        string? previous = null;
        for (var number = 1; number <= versions; number++)
        {
            var document = $$"""{"number":{{number}}}""";
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)));
            var link = new ChainLink(
                number,
                number == 1 ? null : number - 1,
                hash,
                "operator",
                "Test",
                Time.AddHours(number),
                HashChain.HashOf($$"""{"findings":[{{number}}]}""")
            );
            previous = HashChain.Hash(previous, number < sealedFrom ? link with { Report = null } : link);
            history.Add(new(link, document, previous));
        }
        return history;
    }

    private sealed record Row(ChainLink Link, string Document, string ChainHash);
}
