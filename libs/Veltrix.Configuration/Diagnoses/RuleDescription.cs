namespace Veltrix.Configuration.Diagnoses;

/// <summary>A rule of the doctor.</summary>
/// <param name="Code"><c>DOC-nnn</c>; its page is <c>docs/doctor/DOC-nnn.md</c>.</param>
/// <param name="Title">What it says, in a few words.</param>
public sealed record RuleDescription(string Code, string Title);
