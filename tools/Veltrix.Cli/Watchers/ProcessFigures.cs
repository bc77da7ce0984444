using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Veltrix.Events;

namespace Veltrix.Cli.Watchers;

/// <summary>What the kernel says of a process (proc(5)).</summary>
internal static class ProcessFigures
{
    private const int BytesPerKibibyte = 1024;

    /// <summary>Proportional set size: its own pages, and its share of those it has in common with others.</summary>
    /// <exception cref="CliException">There is no such process, or it belongs to somebody else.</exception>
    public static long PssBytes(int processId) =>
        Read(
            processId,
            () =>
            {
                // Pss:              123456 kB
                var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/smaps_rollup");
                var line = File.ReadLines(path).First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
                var number = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
                return long.Parse(number, CultureInfo.InvariantCulture) * BytesPerKibibyte;
            }
        );

    /// <summary>Processor time of all its threads so far, the kernel's for it included; to 10 ms.</summary>
    /// <exception cref="CliException">There is no such process, or it belongs to somebody else.</exception>
    public static TimeSpan ProcessorTime(int processId) =>
        Read(
            processId,
            () =>
            {
                using var process = Process.GetProcessById(processId);
                return process.TotalProcessorTime;
            }
        );

    private static T Read<T>(int processId, Func<T> figure)
    {
        try
        {
            return figure();
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or InvalidOperationException
                        or ArgumentException
                        or Win32Exception
            )
        {
            throw new CliException(
                ErrorCatalogue.MachineLimit,
                $"What process {processId} uses cannot be read: {exception.Message}"
            );
        }
    }
}
