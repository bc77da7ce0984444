using System.Text.RegularExpressions;

namespace Veltrix.Architecture.Tests;

/// <summary>What one part of a service did not foresee must not end the others: see <c>SteadyService</c>.</summary>
public sealed partial class BackgroundWorkTests
{
    private static readonly string[] Hosts = ["Veltrix.ServiceDefaults", "services", "web"];

    [Fact]
    public void BackgroundWork_OfEveryService_IsSteady() =>
        Hosts
            .SelectMany(host =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, host), "*.cs", SearchOption.AllDirectories)
            )
            .Where(path => HostsStopOnItsFaults().IsMatch(File.ReadAllText(path)))
            .Select(Path.GetFileName)
            .ShouldBe(["SteadyService.cs"]);

    [GeneratedRegex(@":\s*BackgroundService\b", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HostsStopOnItsFaults();
}
