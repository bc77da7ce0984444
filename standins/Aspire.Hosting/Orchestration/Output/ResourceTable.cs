using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>The table that the start ends with: resource, state, address; below it where data and keys lie.</summary>
internal static class ResourceTable
{
    public static string Render(
        IReadOnlyList<ResourceRun> resources,
        string dataDirectory,
        string secretsDirectory,
        bool usesColour
    )
    {
        var rows = resources.Select(Row).ToList();
        int[] widths =
        [
            Math.Max("resource".Length, rows.Max(row => row.Name.Length)),
            Math.Max("state".Length, rows.Max(row => row.State.Length)),
        ];
        var text = new StringBuilder().AppendLine();
        text.AppendLine($"{"resource".PadRight(widths[0])}  {"state".PadRight(widths[1])}  address");
        text.AppendLine($"{new string('-', widths[0])}  {new string('-', widths[1])}  {new string('-', 40)}");
        foreach (var row in rows)
        {
            var state = row.State.PadRight(widths[1]);
            text.AppendLine(
                $"{row.Name.PadRight(widths[0])}  {(usesColour ? $"\e[{(row.IsGood ? 32 : 31)}m{state}\e[0m" : state)}  {row.Address}"
            );
            foreach (var warning in row.Warnings)
                text.AppendLine($"{new string(' ', widths[0])}  warning: {warning}");
        }
        text.AppendLine();
        text.AppendLine($"data  {dataDirectory}");
        foreach (var resource in resources)
        {
            if (
                resource.Server?.DataLocation is { } place
                && !place.StartsWith(dataDirectory, StringComparison.Ordinal)
            )
                text.AppendLine($"      {place} ({resource.Name})");
        }
        if (Directory.Exists(secretsDirectory))
            text.AppendLine($"keys  {secretsDirectory} ({string.Join(", ", KeyNames(secretsDirectory))})");
        return text.ToString();
    }

    private static IEnumerable<string?> KeyNames(string secretsDirectory) =>
        Directory.EnumerateFiles(secretsDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static (string Name, string State, bool IsGood, string Address, List<string> Warnings) Row(
        ResourceRun resource
    )
    {
        var health = resource.Health is { } known ? $", {known}" : "";
        var replicas = resource.Replicas.Count > 1 ? $" ({resource.Replicas.Count} replicas)" : "";
        return (
            resource.Name,
            resource.State + health + replicas,
            health.EndsWith("Healthy", StringComparison.Ordinal),
            string.Join(", ", resource.Urls.DefaultIfEmpty(resource.ConnectionString ?? "")),
            resource.Warnings
        );
    }
}
