namespace Veltrix.StandIns.Tests;

internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Veltrix.sln"))
            ? directory
            : Find(
                Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Veltrix.sln was not found.")
            );
}
