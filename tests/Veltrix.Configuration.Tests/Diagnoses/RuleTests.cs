using System.Text.RegularExpressions;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

public sealed partial class RuleTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, RuleCases.All.Count)];

    [Fact]
    public void Rules_EachHaveACodeOfTheirOwnAndACase()
    {
        Doctor.Rules.Select(rule => rule.Code).ShouldBeUnique();
        Doctor.Rules.ShouldAllBe(rule => RuleCode().IsMatch(rule.Code));
        RuleCases
            .All.Select(known => known.Code)
            .Distinct()
            .ShouldBe(Doctor.Rules.Select(rule => rule.Code), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Examine_FailingCase_IsReported(int index)
    {
        var known = RuleCases.All[index];

        var findings = Findings(known, known.Failing);

        findings.ShouldNotBeEmpty();
        findings.Min(finding => finding.Severity).ShouldBe(known.Severity);
        findings.ShouldAllBe(finding => finding.Code == known.Code && finding.Path.StartsWith("$."));
        findings.ShouldAllBe(finding => Number().IsMatch(finding.Evidence) && finding.Effect.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Examine_PassingCase_IsNotReported(int index)
    {
        var known = RuleCases.All[index];

        Findings(known, known.Passing).Where(finding => finding.Severity <= known.Severity).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fix_OfEachFinding_RemovesIt(int index)
    {
        var known = RuleCases.All[index];
        foreach (var finding in Findings(known, known.Failing))
        {
            if (!known.Fixable)
            {
                finding.Fix.ShouldBeNull();
                continue;
            }
            finding.Fix.ShouldNotBeNull();
            var repaired = known.Failing with
            {
                Configuration = ConfigurationPatch.Apply(known.Failing.Configuration, finding.Fix),
            };
            // A removed entry of a list moves the others up, so the path alone does not tell them apart.
            Findings(known, repaired)
                .ShouldNotContain(left => left.Path == finding.Path && left.Evidence == finding.Evidence);
            Findings(known, repaired).Count.ShouldBeLessThan(Findings(known, known.Failing).Count);
        }
    }

    private static IReadOnlyList<Finding> Findings(RuleCase known, Examination subject) =>
        [.. Doctor.Rules.Single(rule => rule.Code == known.Code).Examine(subject)];

    [GeneratedRegex(@"\ADOC-\d{3}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RuleCode();

    [GeneratedRegex(@"\d", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Number();
}
