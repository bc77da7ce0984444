namespace Aspire.Hosting.ApplicationModel;

/// <summary>The format after the colon of a hole: <c>{Password:uri}</c>.</summary>
internal static class ValueFormat
{
    public const string Uri = "uri";

    public static string Apply(string value, string? format) =>
        format switch
        {
            null => value,
            Uri => System.Uri.EscapeDataString(value),
            _ => throw new FormatException($"The format '{format}' is not known; 'uri' is."),
        };
}
