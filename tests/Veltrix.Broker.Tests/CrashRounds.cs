using System.Globalization;

namespace Veltrix.Broker.Tests;

/// <summary>How long crash tests go on: short by default, <c>VELTRIX_CRASH_ROUNDS</c> rounds in a campaign (docs/crash-tests.md).</summary>
internal static class CrashRounds
{
    public static int Count(int shortRun) =>
        Environment.GetEnvironmentVariable("VELTRIX_CRASH_ROUNDS") is { Length: > 0 } rounds
            ? int.Parse(rounds, CultureInfo.InvariantCulture)
            : shortRun;
}
