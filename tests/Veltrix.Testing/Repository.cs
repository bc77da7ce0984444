namespace Veltrix.Testing;

/// <summary>Where the sources lie; tests run from a project's output folder below them.</summary>
public static class Repository
{
    /// <summary>The directory that holds the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (
            var directory = AppContext.BaseDirectory;
            directory is not null;
            directory = Path.GetDirectoryName(directory)
        )
        {
            if (File.Exists(Path.Combine(directory, "Veltrix.sln")))
                return directory;
        }
        throw new InvalidOperationException($"No Veltrix.sln above {AppContext.BaseDirectory}.");
    }
}
