using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Veltrix.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>All projects, as paths relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory
            .EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith(".veltrix/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Projects that <paramref name="project"/> references: direct ones and stand-ins.</summary>
    public static IEnumerable<string> References(string project)
    {
        var directory = Path.GetDirectoryName(Path.Combine(Root, project))!;
        var elements = XDocument.Load(Path.Combine(Root, project)).Descendants().ToList();
        var direct = elements
            .Where(element => element.Name.LocalName == "ProjectReference" && element.Attribute("Include") is not null)
            .Select(element =>
                element.Attribute("Include")!.Value.Replace('\\', '/').Replace("$(RepositoryRoot)", Root + "/")
            )
            .Select(path =>
                Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(directory, path))).Replace('\\', '/')
            );
        var standIns = elements
            .Where(element => element.Name.LocalName == "StandInReference" && element.Attribute("Include") is not null)
            .Select(element => element.Attribute("Include")!.Value)
            .Select(name => $"standins/{name}/{name}.csproj");
        return direct.Concat(standIns);
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Veltrix.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("Veltrix.sln was not found above the tests.");
    }
}
