using Veltrix.Configuration;

namespace Veltrix.Admin.Tests.Fakes;

/// <summary>Reports of nodes.</summary>
internal static class FakeNodes
{
    public static NodeReport Report(
        string node,
        DateTimeOffset at,
        double eventsPerSecond = 100,
        double? p99 = 20,
        int version = 1,
        double errorsPerSecond = 0
    )
    {
        var service = node.Split('-')[0];
        return new NodeReport(
            node,
            service,
            version,
            FakePlatform.HashOf(version),
            at - TimeSpan.FromMinutes(3),
            at,
            0.42,
            190L << 20,
            eventsPerSecond,
            errorsPerSecond,
            p99 / 4,
            p99,
            service == "processor" ? 2 : null
        );
    }
}
