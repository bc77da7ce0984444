using System.Collections;

namespace Veltrix.Testing;

/// <summary>Headless Chromium, the machine's, else the one of Debian's package, which is fetched once: how to launch it.</summary>
/// <param name="Path">The program.</param>
/// <param name="Environment">All variables that it runs with.</param>
public sealed record Chromium(string Path, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>How tests want it: no window, no sandbox (which root has not), nothing in the background.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    /// <summary>Finds or fetches it.</summary>
    public static async Task<Chromium> FindAsync(CancellationToken cancellation = default)
    {
        var tool = await NativeTools.ChromiumAsync(cancellation);
        // Whoever launches it with an environment launches it with nothing else.
        var environment = System
            .Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in tool.Environment)
            environment[name] = value;
        return new Chromium(tool.Path, environment);
    }
}
