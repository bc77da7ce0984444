namespace Veltrix.Configuration.Diagnoses;

/// <summary>Looks for one kind of mistake.</summary>
internal abstract class Rule(string code, string title)
{
    public string Code => code;

    public string Title => title;

    /// <summary>Everything of this kind in the document; nothing when there is none.</summary>
    public abstract IEnumerable<Finding> Examine(Examination subject);

    protected Finding Report(
        Severity severity,
        Examination subject,
        string path,
        string evidence,
        string effect,
        IReadOnlyList<PatchOperation>? fix
    ) => new(code, severity, title, path, subject.ValueAt(path), evidence, effect, fix, $"docs/doctor/{code}.md");

    /// <summary>The first of some patches after which <paramref name="isCured"/>; null when none helps.</summary>
    protected static IReadOnlyList<PatchOperation>? FirstThatCures(
        Examination subject,
        Func<Examination, bool> isCured,
        IEnumerable<IReadOnlyList<PatchOperation>> candidates
    ) =>
        subject.IsTrial
            ? null
            : candidates.FirstOrDefault(candidate => Applies(subject, candidate) is { } patched && isCured(patched));

    private static Examination? Applies(Examination subject, IReadOnlyList<PatchOperation> patch)
    {
        try
        {
            return subject.With(patch);
        }
        catch (InvalidOperationException)
        {
            // Out of an option's range: no fix.
            return null;
        }
    }
}
