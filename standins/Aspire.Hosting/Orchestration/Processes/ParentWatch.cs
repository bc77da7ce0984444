namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Tells when the <c>dotnet run</c> above the AppHost is gone: killed with -9 it takes nobody with it, and an AppHost
/// without a terminal would run on for ever.
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls back when the parent ends; at once done when the parent is not a <c>dotnet run</c> (or <c>watch</c>).</summary>
    public static async Task WatchAsync(Action gone, CancellationToken cancellation)
    {
        var parent = NativeMethods.GetParentProcessId();
        if (!IsRunCommand(CommandLine(parent)))
            return;
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (NativeMethods.GetParentProcessId() == parent)
                await timer.WaitForNextTickAsync(cancellation);
            gone();
        }
        catch (OperationCanceledException)
        {
            // The AppHost ends by itself.
        }
    }

    /// <summary>True for <c>dotnet run …</c>, also as <c>/usr/bin/dotnet /usr/lib/dotnet/sdk/N/dotnet.dll run …</c>.</summary>
    internal static bool IsRunCommand(IReadOnlyList<string> commandLine) =>
        commandLine.Count > 1
        && Path.GetFileName(commandLine[0]) is "dotnet"
        && commandLine.Skip(1).Take(2).Any(argument => argument is "run" or "watch");

    private static string[] CommandLine(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
