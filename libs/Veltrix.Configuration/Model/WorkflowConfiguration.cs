namespace Veltrix.Configuration;

/// <summary>How sagas run.</summary>
/// <param name="HuntTimeoutMinutes">After how many minutes without an end a hunt times out.</param>
public sealed record WorkflowConfiguration(int HuntTimeoutMinutes = 1_440);
