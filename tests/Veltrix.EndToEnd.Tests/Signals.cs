using System.Diagnostics;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Signals to processes and, with a negative id, to process groups.</summary>
internal static class Signals
{
    public static void Send(string signal, int id)
    {
        using var kill = Process.Start("kill", ["-s", signal, "--", $"{id}"]);
        kill.WaitForExit();
    }
}
