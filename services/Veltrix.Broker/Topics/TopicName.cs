namespace Veltrix.Broker.Topics;

/// <summary>Kafka's rules for topic names: they are folder names too, so nothing else may pass.</summary>
internal static class TopicName
{
    private const int MaximumLength = 249;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaximumLength
        && name is not ("." or "..")
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <summary>Names that differ only here would share the name of a metric in Kafka, and are refused there.</summary>
    public static string Canonical(string name) => name.Replace('.', '_');
}
