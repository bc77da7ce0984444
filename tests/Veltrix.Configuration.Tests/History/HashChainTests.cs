using Veltrix.Configuration.History;

namespace Veltrix.Configuration.Tests.History;

public sealed class HashChainTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(
        2026,
        11,
        21,
        13,
        40,
        6,
        123,
        TimeSpan.Zero
    ).AddMicroseconds(456);
    private static readonly ChainLink First = new(1, null, "ab", "veltrix", "Safe defaults", Time);

    // Both texts were written by hand and hashed with sha256sum: every stored chain hash depends on this form.
    [Fact]
    public void Hash_KnownLinks_NeverChange()
    {
        var first = HashChain.Hash(null, First);
        var second = HashChain.Hash(
            first,
            new ChainLink(
                2,
                1,
                "cd",
                "operator",
                "für ö",
                new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.FromHours(1))
            )
        );

        first.ShouldBe("5317468fb51a9e3c3c026a317eb38353eb29aa02a78502ee61fb0fa1e2718e18");
        second.ShouldBe("f9567564549c4d76a13a53df2668944e8f479c137e355cde366708607d55705f");
        HashChain
            .Hash(null, First with { Report = "ef" })
            .ShouldBe("48ae4238785a73773f27b13d5c4e302ae35b521a8e015c295d39a1b468af013e");
    }

    public static TheoryData<ChainLink> Changes =>
        [
            First with
            {
                Number = 2,
            },
            First with
            {
                Parent = 1,
            },
            First with
            {
                Hash = "ac",
            },
            First with
            {
                Author = "operator",
            },
            First with
            {
                Reason = "Safe Defaults",
            },
            First with
            {
                PublishedAt = Time.AddMicroseconds(1),
            },
            First with
            {
                Report = "ef",
            },
        ];

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Hash_AnyChange_Differs(ChainLink changed) =>
        HashChain.Hash(null, changed).ShouldNotBe(HashChain.Hash(null, First));

    [Fact]
    public void Hash_OtherParent_Differs() => HashChain.Hash("00", First).ShouldNotBe(HashChain.Hash("01", First));

    [Fact]
    public void Hash_ValueThatImitatesTheNextLine_Differs() =>
        HashChain
            .Hash(null, First with { Author = "a", Reason = "b\nreason:1:c" })
            .ShouldNotBe(HashChain.Hash(null, First with { Author = "a\nreason:1:b", Reason = "c" }));
}
