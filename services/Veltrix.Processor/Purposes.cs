namespace Veltrix.Processor;

/// <summary>Why events are consumed. Each purpose has a consumer group of its own and handles every event once.</summary>
internal static class Purposes
{
    /// <summary>Read models; group <c>veltrix-projections</c>.</summary>
    public const string Projections = "projections";

    /// <summary>Sagas; group <c>veltrix-workflows</c>.</summary>
    public const string Workflows = "workflows";
}
