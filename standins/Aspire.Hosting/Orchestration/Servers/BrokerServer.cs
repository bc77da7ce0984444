using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Kafka as a project of this repository that speaks its protocol, named by <c>StandIns:Kafka:Project</c>.</summary>
/// <param name="project">Gives the path of the project file.</param>
internal sealed class BrokerServer(Func<string> project) : LocalServer
{
    private const string TimeSlice = "Broker__TimeSliceMicroseconds";
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    public override int DefaultPort => 29092;

    public override Task<ProcessSpecification> PrepareAsync(LocalServerContext context, CancellationToken cancellation)
    {
        var data = Directory.CreateDirectory(Path.Combine(context.DataDirectory, context.Name)).FullName;
        DataLocation = data;
        var port = context.Port.ToString(CultureInfo.InvariantCulture);
        HttpUrl = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        var specification = ProjectCommand.For(project()) with
        {
            Environment = new Dictionary<string, string?>(ProjectCommand.NotInherited)
            {
                ["Broker__Port"] = port,
                ["Broker__DataDirectory"] = data,
                ["Broker__AdvertisedHost"] = "127.0.0.1",
                ["Broker__AdvertisedPort"] = port,
                // Here others wait for the cores that want their turns as much as the broker does (ADR 0016).
                [TimeSlice] = Environment.GetEnvironmentVariable(TimeSlice) ?? "0",
                ["ASPNETCORE_URLS"] = HttpUrl,
                ["OTEL_SERVICE_NAME"] = context.Name,
            },
        };
        return Task.FromResult(specification);
    }

    /// <summary>Asks for the versions of its protocol: ApiVersions (key 18), version 0, which every broker answers.</summary>
    public override async Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation)
    {
        const int correlation = 0x56454C54;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ProbeLimit);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.Port), limit.Token);
            // size 10, api key 18, version 0, correlation id, client id null (-1)
            var request = new byte[] { 0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), correlation);
            await socket.SendAsync(request, limit.Token);
            await using var stream = new NetworkStream(socket);
            var answer = new byte[10];
            await stream.ReadExactlyAsync(answer, limit.Token);
            return BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4)) == correlation
                && BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(8)) == 0;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
