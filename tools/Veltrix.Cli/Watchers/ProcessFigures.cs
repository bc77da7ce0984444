using System.Globalization;
using Veltrix.Events;

namespace Veltrix.Cli.Watchers;

/// <summary>What the kernel says of a process (proc(5)).</summary>
internal static class ProcessFigures
{
    private const int BytesPerKibibyte = 1024;

    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <summary>Proportional set size: its own pages, and its share of those it has in common with others.</summary>
    /// <exception cref="CliException">There is no such process, or it belongs to somebody else.</exception>
    public static long PssBytes(int processId) =>
        Read(
            processId,
            "smaps_rollup",
            text =>
            {
                // Pss:              123456 kB
                var line = text.Split('\n').First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
                var number = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
                return long.Parse(number, CultureInfo.InvariantCulture) * BytesPerKibibyte;
            }
        );

    /// <summary>Processor time of all its threads so far, the kernel's for it included; to 10 ms.</summary>
    /// <exception cref="CliException">There is no such process, or it belongs to somebody else.</exception>
    public static TimeSpan ProcessorTime(int processId) =>
        Read(
            processId,
            "stat",
            text =>
            {
                // 1234 (any name) S 1 ... : utime and stime are the 12th and 13th after the name.
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                var ticks =
                    long.Parse(fields[11], CultureInfo.InvariantCulture)
                    + long.Parse(fields[12], CultureInfo.InvariantCulture);
                return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
            }
        );

    private static T Read<T>(int processId, string file, Func<string, T> parse)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}");
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new CliException(
                ErrorCatalogue.MachineLimit,
                $"What process {processId} uses cannot be read: {exception.Message}"
            );
        }
    }
}
