using System.Text;

namespace Veltrix.Events.Tests;

public sealed class CloudEventReaderAllocationTests
{
    private const int Events = 100;

    [Fact]
    public void ReadBatch_ValidEvents_AllocatesNothing()
    {
        var events = Enumerable
            .Range(0, Events)
            .Select(index =>
                $$$"""{"specversion":"1.0","id":"{{{index}}}","source":"/tests","type":"com.veltrix.player.moved","subject":"zo\u00eb","time":"2026-11-21T01:02:03Z","level":7,"data":{"latitude":1.5,"longitude":2.5,"meters":3}}"""
            );
        ReadOnlyMemory<byte> body = Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]");
        var reader = new CloudEventReader();
        // The first rounds grow the reader's tables and let the runtime compile.
        for (var round = 0; round < 50; round++)
            Walk(reader, body);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = Walk(reader, body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        bytes.ShouldBeGreaterThan(Events);
        allocated.ShouldBe(0);
    }

    private static int Walk(CloudEventReader reader, ReadOnlyMemory<byte> body)
    {
        var bytes = reader.ReadBatch(body, Events) is null ? 0 : -1;
        for (var index = 0; index < reader.Count; index++)
        {
            var item = reader[index];
            bytes += item.Fault is null ? item.Key.Length + item.Data.Length : 0;
            foreach (var attribute in item)
                bytes += attribute.Value.Length;
        }
        return bytes;
    }
}
