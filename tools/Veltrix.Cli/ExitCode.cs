namespace Veltrix.Cli;

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command ran, and its result is bad: events lost, duplicated or refused, hunts unfinished, a publication refused, a history that does not verify.</summary>
    public const int BadResult = 1;

    /// <summary>The command could not run: wrong usage, no platform, no key, a service away.</summary>
    public const int CouldNotRun = 2;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
