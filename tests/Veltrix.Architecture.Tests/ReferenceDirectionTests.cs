namespace Veltrix.Architecture.Tests;

/// <summary>Arrows only point down: AppHost, web and services, ServiceDefaults, libs. Stand-ins reference nothing of ours.</summary>
public sealed class ReferenceDirectionTests
{
    private static readonly (string Layer, string[] MayReference)[] Rules =
    [
        ("Veltrix.AppHost", ["web", "services", "standins"]),
        ("web", ["Veltrix.ServiceDefaults", "libs", "standins"]),
        ("services", ["Veltrix.ServiceDefaults", "libs", "standins"]),
        ("tools", ["libs", "standins"]),
        ("Veltrix.ServiceDefaults", ["libs", "standins"]),
        ("libs", ["libs"]),
        ("standins", ["standins"]),
    ];

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ReferencesOnlyLayersBelow(string project)
    {
        var layer = LayerOf(project);
        if (layer == "tests")
            return;
        var allowed = Rules.Single(rule => rule.Layer == layer).MayReference;

        var forbidden = Repository.References(project).Where(reference => !allowed.Contains(LayerOf(reference)));

        forbidden.ShouldBeEmpty($"{project} may reference only {string.Join(", ", allowed)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ReferencesExist(string project) =>
        Repository
            .References(project)
            .Where(reference => !reference.Contains('*') && !File.Exists(Path.Combine(Repository.Root, reference)))
            .ShouldBeEmpty();

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Veltrix.sln")).Replace('\\', '/');
        Repository
            .Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Repository_HasNoPackageSourcesOfItsOwn() =>
        Directory
            .EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase))
            .ShouldBeEmpty();

    private static string LayerOf(string path) => path.Split('/')[0];
}
