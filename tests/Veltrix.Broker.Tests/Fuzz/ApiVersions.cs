using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>The versions that the broker handles.</summary>
internal static class ApiVersions
{
    private static readonly Dictionary<string, Api> All = Load();

    public static short First(string name) => All[name].MinimumVersion;

    public static short Last(string name) => All[name].MaximumVersion;

    private static Dictionary<string, Api> Load()
    {
        // Their versions are known without a node; nothing else of them is asked for.
        var table = new ApiTable(null!);
        return Enum.GetValues<ApiKey>().Select(key => table.Find(key)!).ToDictionary(api => api.Name);
    }
}
