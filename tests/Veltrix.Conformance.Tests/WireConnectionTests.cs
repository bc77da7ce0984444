using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>What a connection begins with, and what ends it.</summary>
public sealed class WireConnectionTests : WireScenario
{
    [Fact]
    public async Task ApiVersions_InEveryVersion_NamesTheRequests()
    {
        foreach (var version in Versions("ApiVersions", 0, 4))
        {
            var request = F(("clientSoftwareName", "wire"), ("clientSoftwareVersion", "1.0"));
            var answer = await Client.SendAsync("ApiVersions", version, request);
            answer.Error.ShouldBe<short>(0);
            answer.List("apiKeys").Count.ShouldBeGreaterThan(20);
        }
    }

    [Fact]
    public async Task ApiVersions_TooNew_IsAnsweredInVersion0AndTheConnectionGoesOn()
    {
        await Client.SendFrameAsync([0, 18, 0, 99, 0, 0, 0, 7, 0xFF, 0xFF, 0, 1, 1, 0]);
        var answer = new WireReader(await Client.ReceiveFrameAsync(), version: 0, flexible: false);
        answer.ReadInt32().ShouldBe(7);
        answer.Read(WireProtocol.Api("ApiVersions").Response).Error.ShouldBe<short>(35);
        answer.Left.ShouldBe(0);
        (await Client.SendAsync("ApiVersions", 3, [])).ShouldNotBeNull();
    }

    [Fact]
    public async Task Connection_ThatSendsNonsense_IsClosed()
    {
        byte[][] frames =
        [
            [0x7F, 0x7F, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF],
            [0, 3, 0, 99, 0, 0, 0, 1, 0xFF, 0xFF],
            [0, 3, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF],
        ];
        foreach (var frame in frames)
        {
            var client = await ConnectAsync();
            await client.SendFrameAsync(frame);
            (await client.IsClosedAsync()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Connection_ThatAnnouncesAnImpossibleSize_IsClosed()
    {
        foreach (var size in new[] { -1, 104_857_601, int.MaxValue })
        {
            var client = await ConnectAsync();
            await client.SendSizeAsync(size);
            (await client.IsClosedAsync()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task SaslHandshake_InBothVersions_IsRefusedOnAPlainListener()
    {
        foreach (var version in Versions("SaslHandshake", 0, 1))
        {
            var answer = await Client.SendAsync("SaslHandshake", version, F(("mechanism", "PLAIN")));
            answer.Error.ShouldBe<short>(34);
        }
    }

    [Fact]
    public async Task Cluster_InEveryVersion_IsDescribedWithItsDisks()
    {
        foreach (var version in Versions("DescribeCluster", 0, 1))
        {
            var answer = await Client.SendAsync("DescribeCluster", version, F(("endpointType", 1)));
            answer.Error.ShouldBe<short>(0);
            answer.List("brokers").Count.ShouldBeGreaterThan(0);
        }
        foreach (var version in Versions("DescribeLogDirs", 0, 4))
        {
            var answer = await Client.SendAsync("DescribeLogDirs", version, []);
            answer
                .List("results")
                .SelectMany(directory => directory.List("topics"))
                .Select(topic => topic["name"])
                .ShouldContain(Name);
        }
    }
}
