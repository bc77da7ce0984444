using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A process that cannot be mistaken for a later one with the same id: the id and the start time, in clock ticks since
/// boot (field 22 of /proc/PID/stat, proc(5)).
/// </summary>
internal readonly record struct ProcessIdentity(int ProcessId, long StartTicks)
{
    /// <summary>The identity of a running process, or null when there is none (a zombie is none).</summary>
    public static ProcessIdentity? Of(int processId)
    {
        try
        {
            // "1234 (name, may hold spaces and parentheses) S 1 ..."
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new ProcessIdentity(processId, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsAlive => Of(ProcessId) == this;

    public void Signal(int signal)
    {
        if (IsAlive)
            _ = NativeMethods.SendSignal(ProcessId, signal);
    }

    /// <summary>Ends the process and everything else in the group that it leads, or will lead in a moment.</summary>
    public void KillGroup()
    {
        if (NativeMethods.SendSignal(-ProcessId, NativeMethods.Kill) != 0)
            Signal(NativeMethods.Kill);
    }
}
