namespace Aspire.Hosting.Orchestration;

/// <summary>What to start. Values of the environment that are null are removed from what is inherited.</summary>
internal sealed record ProcessSpecification(string FileName, IReadOnlyList<string> Arguments)
{
    public string WorkingDirectory { get; init; } = "/";

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The signal that asks this process to end in good order.</summary>
    public int StopSignal { get; init; } = NativeMethods.Terminate;
}
