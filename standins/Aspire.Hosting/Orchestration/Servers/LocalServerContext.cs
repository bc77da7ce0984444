namespace Aspire.Hosting.Orchestration;

/// <summary>Where a local server runs.</summary>
/// <param name="Name">The resource's name; also the name of its directory.</param>
/// <param name="DataDirectory">The AppHost's data directory; the server keeps its own below.</param>
/// <param name="Port">The loopback port to listen on.</param>
/// <param name="Progress">Receives one line per slow step.</param>
internal sealed record LocalServerContext(string Name, string DataDirectory, int Port, Action<string> Progress)
{
    /// <summary>False for throw-away data: then nothing waits for the disk.</summary>
    public bool Durable { get; init; } = true;
}
