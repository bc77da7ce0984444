using System.Text;
using Veltrix.Events;

namespace Veltrix.Architecture.Tests;

/// <summary>
/// <c>docs/errors.md</c> is written from the catalogue. To write it anew:
/// <c>VELTRIX_WRITE_DOCS=1 dotnet test --project tests/Veltrix.Architecture.Tests</c>.
/// </summary>
public sealed class ErrorDocumentationTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "errors.md");

    [Fact]
    public void ErrorsPage_MatchesTheCatalogue()
    {
        var expected = Render();
        if (Environment.GetEnvironmentVariable("VELTRIX_WRITE_DOCS") == "1")
            File.WriteAllText(Page, expected);
        File.ReadAllText(Page).ShouldBe(expected);
    }

    private static string Render()
    {
        var page = new StringBuilder();
        page.Append("# Errors\n\n");
        page.Append(
            "Every error that Veltrix answers or logs. HTTP errors are problem details (RFC 9457) with the member `code`.\n"
        );
        page.Append("This page is generated from `libs/Veltrix.Events/ErrorCatalogue.cs`.\n");
        foreach (var error in ErrorCatalogue.All)
        {
            page.Append($"\n## {error.Code}: {error.Title}\n\n");
            if (error.Status != 0)
                page.Append($"- **HTTP status:** {error.Status}\n");
            page.Append($"- **Cause:** {error.Cause}\n- **Fix:** {error.Fix}\n");
        }
        return page.ToString();
    }
}
