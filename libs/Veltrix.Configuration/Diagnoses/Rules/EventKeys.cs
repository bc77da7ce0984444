namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Keys as the document writes them.</summary>
internal static class EventKeys
{
    public static string Name(EventKey key) => key.ToString().ToLowerInvariant();
}
