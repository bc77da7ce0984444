namespace Aspire.Hosting.Orchestration;

/// <summary>Runs a command to its end, in a group of its own as everything that the AppHost starts.</summary>
internal static class ShortCommand
{
    private const int MostLines = 200;

    /// <exception cref="DistributedApplicationException">It failed; the message holds the end of what it printed.</exception>
    public static async Task RunAsync(
        ProcessSpecification specification,
        CancellationToken cancellation,
        Action<string>? progress = null
    )
    {
        var lines = new Queue<string>();
        using var process = ChildProcess.Start(
            specification,
            line =>
            {
                progress?.Invoke(line);
                lock (lines)
                {
                    lines.Enqueue(line);
                    if (lines.Count > MostLines)
                        lines.Dequeue();
                }
            }
        );
        int exitCode;
        try
        {
            exitCode = await process.Exited.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Identity.KillGroup();
            throw;
        }
        if (exitCode != 0)
            throw new DistributedApplicationException(
                $"{specification.FileName} {string.Join(' ', specification.Arguments)} ended with {exitCode}:\n{string.Join('\n', lines)}"
            );
    }
}
