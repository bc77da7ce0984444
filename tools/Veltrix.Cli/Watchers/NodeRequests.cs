using System.Globalization;
using System.Text;
using System.Text.Json;
using Veltrix.Configuration;

namespace Veltrix.Cli.Watchers;

/// <summary>The two requests that a node makes.</summary>
internal sealed class NodeRequests(Uri address, string key)
{
    private readonly string _head = $" HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {key}\r\n";

    public Uri Address => address;

    /// <summary>Opens the watch.</summary>
    public byte[] Watch(string node) =>
        Encoding.ASCII.GetBytes($"GET /configuration/watch?node={node}{_head}Accept: text/event-stream\r\n\r\n");

    public byte[] Report(NodeReport report)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(report, ConfigurationJson.Default.NodeReport);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /nodes/report{_head}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"
        );
        var request = new byte[head.Length + body.Length];
        Encoding.ASCII.GetBytes(head, request);
        body.CopyTo(request, head.Length);
        return request;
    }
}
