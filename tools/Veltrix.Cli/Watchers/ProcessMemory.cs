using System.Globalization;
using Veltrix.Events;

namespace Veltrix.Cli.Watchers;

/// <summary>What the kernel says of a process's memory (proc(5)).</summary>
internal static class ProcessMemory
{
    private const int BytesPerKibibyte = 1024;

    /// <summary>Proportional set size: its own pages, and its share of those it has in common with others.</summary>
    /// <exception cref="CliException">There is no such process, or it belongs to somebody else.</exception>
    public static long PssBytes(int processId)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/smaps_rollup");
        try
        {
            // Pss:              123456 kB
            var line = File.ReadLines(path).First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            var number = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return long.Parse(number, CultureInfo.InvariantCulture) * BytesPerKibibyte;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new CliException(
                ErrorCatalogue.MachineLimit,
                $"The memory of process {processId} cannot be read: {exception.Message}"
            );
        }
    }
}
