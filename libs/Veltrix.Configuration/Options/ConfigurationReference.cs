using System.Globalization;
using System.Text;

namespace Veltrix.Configuration.Options;

/// <summary>Writes <c>docs/configuration.md</c> from the model and <see cref="OptionCatalogue"/>.</summary>
public static class ConfigurationReference
{
    /// <summary>The page, Markdown.</summary>
    public static string Write()
    {
        var page = new StringBuilder();
        page.Append("# Configuration\n\n");
        page.Append(
            "Every option of the one document that drives every node. Only `clusters`, `eventTypes`, `ingest`,\n"
        );
        page.Append(
            "`processor` and `workflows` must be there; what is left out has its default. The schema for editors is\n"
        );
        page.Append(
            "[configuration.schema.json](configuration.schema.json); what the doctor says about a document is in\n"
        );
        page.Append("[doctor](doctor/README.md). `limits` and `traffic` are what the doctor computes with: no node\n");
        page.Append("limits anything by them. This page is generated from `libs/Veltrix.Configuration/Options`.\n");
        var members = OptionTree.Options().ToDictionary(member => member.Path, StringComparer.Ordinal);
        var section = "";
        foreach (var option in OptionCatalogue.All)
        {
            var name = option.Path.Split('.', '[')[0];
            if (name != section)
                page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n");
            section = name;
            Append(page, option, members[option.Path]);
        }
        return page.ToString();
    }

    private static void Append(StringBuilder page, OptionDescriptor option, OptionMember member)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### `{option.Path}`\n\n{option.Summary}\n\n");
        Line(page, "Unit", option.Unit);
        if (option.Range is { } range)
            Line(
                page,
                "Range",
                string.Create(CultureInfo.InvariantCulture, $"{range.Minimum:N0} to {range.Maximum:N0}")
            );
        Line(page, "Default", member.IsRequired ? "none; required" : $"`{member.Default?.ToJsonString() ?? "null"}`");
        Line(page, "Latency", option.Latency);
        Line(page, "Throughput", option.Throughput);
        Line(page, "Memory", option.Memory);
        Line(page, "Loss", option.Loss);
        Line(page, "Example", $"`{option.Example}`");
    }

    private static void Line(StringBuilder page, string name, string? value)
    {
        if (value is not null)
            page.Append(CultureInfo.InvariantCulture, $"- **{name}:** {value}\n");
    }
}
