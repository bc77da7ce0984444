using Veltrix.Configuration.Options;

namespace Veltrix.Architecture.Tests;

/// <summary>
/// <c>docs/configuration.md</c> and <c>docs/configuration.schema.json</c> are written from the model. To write them anew:
/// <c>VELTRIX_WRITE_DOCS=1 dotnet test --project tests/Veltrix.Architecture.Tests</c>.
/// </summary>
public sealed class ConfigurationDocumentationTests
{
    [Fact]
    public void ReferencePage_MatchesTheModel() => Matches("configuration.md", ConfigurationReference.Write());

    [Fact]
    public void Schema_MatchesTheModel() => Matches("configuration.schema.json", ConfigurationSchema.Write());

    private static void Matches(string name, string expected)
    {
        var page = Path.Combine(Repository.Root, "docs", name);
        if (Environment.GetEnvironmentVariable("VELTRIX_WRITE_DOCS") == "1")
            File.WriteAllText(page, expected);
        File.ReadAllText(page).ShouldBe(expected);
    }
}
