using System.Collections.Concurrent;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>
/// A script in a client's own language: it runs all scenarios at once, and prints "ok NAME" or "failed NAME: WHY" for each.
/// </summary>
internal static class ClientScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly ConcurrentDictionary<string, Lazy<Task<Dictionary<string, string>>>> Runs = new(
        StringComparer.Ordinal
    );

    /// <summary>Where a client's files lie.</summary>
    public static string Directory(string client) =>
        Path.Combine(Repository.Root, "tests", "Veltrix.Conformance.Tests", "Clients", client);

    /// <summary>Fails when the scenario did. The first to ask for one starts the script, which runs once.</summary>
    public static async Task PassesAsync(string scenario, Func<Task<NativeTool>> interpreter, params string[] command)
    {
        var results = await ResultsAsync(interpreter, command);
        results.ShouldContainKey(scenario, $"The script said: {string.Join('\n', results.Values)}");
        results[scenario].ShouldBe($"ok {scenario}");
    }

    /// <summary>Fails when any scenario did.</summary>
    public static async Task PassesWholeAsync(Func<Task<NativeTool>> interpreter, params string[] command)
    {
        var results = await ResultsAsync(interpreter, command);
        results.ShouldNotBeEmpty();
        results.ShouldAllBe(result => result.Value == $"ok {result.Key}");
    }

    private static Task<Dictionary<string, string>> ResultsAsync(
        Func<Task<NativeTool>> interpreter,
        string[] command
    ) => Runs.GetOrAdd(string.Join(' ', command), _ => new(() => RunAsync(interpreter, command))).Value;

    private static async Task<Dictionary<string, string>> RunAsync(Func<Task<NativeTool>> interpreter, string[] command)
    {
        var tool = await interpreter();
        using var limit = new CancellationTokenSource(Limit);
        var (exitCode, output, errors) = await tool.RunAsync(command, cancellation: limit.Token);
        exitCode.ShouldBe(0, errors + output);
        return output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(line => line.Split(' ')[1].TrimEnd(':'), StringComparer.Ordinal);
    }
}
