using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Architecture.Tests;

/// <summary>Every rule of the doctor has its page, and every page its rule.</summary>
public sealed class DoctorPageTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "doctor");

    public static TheoryData<string, string> Rules
    {
        get
        {
            var rules = new TheoryData<string, string>();
            foreach (var rule in Doctor.Catalogue)
                rules.Add(rule.Code, rule.Title);
            return rules;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_HasItsPage(string code, string title)
    {
        File.ReadLines(Path.Combine(Folder, $"{code}.md")).First().ShouldBe($"# {code}: {title}");
        File.ReadAllText(Path.Combine(Folder, "README.md")).ShouldContain($"- [{code}]({code}.md): {title}\n");
    }

    [Fact]
    public void Pages_AreThoseOfTheRules() =>
        Directory
            .EnumerateFiles(Folder, "DOC-*.md")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ShouldBe(Doctor.Catalogue.Select(rule => rule.Code), ignoreOrder: true);
}
