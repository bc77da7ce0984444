namespace Veltrix.StandIns.Tests.Manifests;

/// <summary>Expected manifests. The files end with a line break, as files do; manifests do not.</summary>
internal static class Golden
{
    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Manifests", name)).TrimEnd('\n');
}
