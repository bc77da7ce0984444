using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>What a connection survives, and how a broker introduces itself.</summary>
internal static class ConnectionScenarios
{
    // api key, version, correlation id 7, client id null
    private static byte[] Header(short key, short version) =>
        [(byte)(key >> 8), (byte)key, (byte)(version >> 8), (byte)version, 0, 0, 0, 7, 0xFF, 0xFF];

    public static async Task NonsenseAsync(Dialogue dialogue)
    {
        await dialogue.SendFrameAsync("unknown request", Header(0x7F7F, 0));
        await dialogue.SendFrameAsync("negative request", Header(-1, 0));
        await dialogue.SendFrameAsync("Metadata too new", Header(3, 99));
        await dialogue.SendFrameAsync("Metadata of negative version", Header(3, -1));
        await dialogue.SendFrameAsync("Produce too old", [.. Header(0, 2), 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        await dialogue.SendFrameAsync("Fetch too old", [.. Header(1, 3), .. new byte[24]]);
        await dialogue.SendFrameAsync("array longer than the frame", [.. Header(3, 1), 0x7F, 0xFF, 0xFF, 0xFF]);
        await dialogue.SendFrameAsync("array of negative length", [.. Header(3, 1), 0x80, 0, 0, 0]);
        await dialogue.SendFrameAsync("string of negative length", [.. Header(10, 0), 0x80, 0]);
        await dialogue.SendFrameAsync("string longer than the frame", [.. Header(10, 0), 0, 9, 65]);
        await dialogue.SendFrameAsync("text that is not UTF-8", [.. Header(3, 1), 0, 0, 0, 1, 0, 2, 0xC3, 0x28]);
        await dialogue.SendFrameAsync("bytes after the request", [.. Header(3, 1), 0, 0, 0, 0, 1, 2, 3]);
        await dialogue.SendFrameAsync("nothing after the header", Header(3, 1));
        await dialogue.SendFrameAsync("half a header", [0, 3, 0]);
        await dialogue.SendFrameAsync("an empty frame", []);
        await dialogue.SendFrameAsync("SaslAuthenticate without a mechanism", [.. Header(36, 0), 0, 0, 0, 0]);
    }

    public static async Task VersionsAsync(Dialogue dialogue)
    {
        await dialogue.SendFrameAsync("too new, compact", [.. Header(18, 99), 0, 2, 65, 2, 65, 0]);
        await dialogue.SendFrameAsync("too new, nothing more", Header(18, 99));
        var software = F(("clientSoftwareName", "no spaces allowed"), ("clientSoftwareVersion", "1"));
        await dialogue.AskAsync("software's name with spaces", "ApiVersions", 3, software);
        await dialogue.AskAsync("software without a name", "ApiVersions", 3, []);
    }

    public static async Task CoordinatorsAsync(Dialogue dialogue)
    {
        var group = await dialogue.GroupAsync("group");
        foreach (var version in (short[])[0, 1, 2, 3])
        {
            await dialogue.AskAsync($"of a group, version {version}", "FindCoordinator", version, F(("key", group)));
            await dialogue.AskAsync($"without a name, version {version}", "FindCoordinator", version, F(("key", "")));
        }
        foreach (var type in (sbyte[])[0, 3, -1])
        {
            var one = F(("key", group), ("keyType", type));
            await dialogue.AskAsync($"of type {type}, version 2", "FindCoordinator", 2, one);
            var several = F(("coordinatorKeys", new[] { group, "" }), ("keyType", type));
            await dialogue.AskAsync($"of type {type}, version 4", "FindCoordinator", 4, several);
        }
        await dialogue.AskAsync("of nobody, version 4", "FindCoordinator", 4, []);
    }

    public static async Task ClusterAsync(Dialogue dialogue)
    {
        foreach (var type in (sbyte[])[1, 2, 3])
            await dialogue.AskAsync($"endpoints of type {type}", "DescribeCluster", 1, F(("endpointType", type)));
        var authorized = F(("includeClusterAuthorizedOperations", true));
        await dialogue.AskAsync("with what is allowed", "DescribeCluster", 0, authorized);
        var topic = await dialogue.TopicAsync("topic", 2);
        // A real one makes a partition's files a moment after it tells of the partition.
        await dialogue.AppendAsync(topic, "value");
        var known = F(("topic", topic), ("partitions", new[] { 0 }));
        var unknown = F(("topic", "no-such-topic"), ("partitions", new[] { 0 }));
        foreach (var version in (short[])[1, 3, 4])
            await dialogue.AskAsync(
                $"disks, version {version}",
                "DescribeLogDirs",
                version,
                F(("topics", L(known, unknown)))
            );
        await dialogue.AskAsync("disks of no partition", "DescribeLogDirs", 4, F(("topics", L(F(("topic", topic))))));
        await dialogue.AskAsync("disks of no topic", "DescribeLogDirs", 4, F(("topics", L())));
    }
}
