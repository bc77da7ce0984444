using System.Globalization;
using Veltrix.Events;

namespace Veltrix.Cli.Watchers;

/// <summary>Open files that this process may have. The runtime raises the soft limit to the hard one when it starts.</summary>
internal static class Descriptors
{
    private const string Limits = "/proc/self/limits";

    // Standard streams, epoll, assemblies, the operator's connections.
    private const int OwnDescriptors = 256;

    /// <exception cref="CliException">The system allows fewer than <paramref name="connections"/> and the process need.</exception>
    public static void Require(int connections)
    {
        if (Hard() is { } limit && limit < connections + OwnDescriptors)
            throw new CliException(
                ErrorCatalogue.MachineLimit,
                $"{connections} connections need {connections + OwnDescriptors} open files; the system allows {limit}."
            );
    }

    /// <summary>Null where the system does not say, or has no limit.</summary>
    private static long? Hard()
    {
        if (!File.Exists(Limits))
            return null;
        // Max open files            1024                 524288               files
        var line = File.ReadLines(Limits)
            .FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var columns = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns is [.., var hard, _] && long.TryParse(hard, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}
