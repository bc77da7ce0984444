namespace Veltrix.Broker;

/// <summary>The short names of the options that a broker started by hand needs; all others are <c>--Broker:Name value</c>.</summary>
internal static class BrokerCommandLine
{
    public const string Usage = """
        Veltrix.Broker [--port PORT] [--data DIRECTORY] [--bind ADDRESS] [--durability group|interval|none] [--Broker:OPTION VALUE]...
        """;

    /// <summary>Switches and the configuration keys that they set.</summary>
    public static readonly Dictionary<string, string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--port"] = $"{BrokerOptions.Section}:{nameof(BrokerOptions.Port)}",
        ["--bind"] = $"{BrokerOptions.Section}:{nameof(BrokerOptions.ListenAddress)}",
        ["--data"] = $"{BrokerOptions.Section}:{nameof(BrokerOptions.DataDirectory)}",
        ["--durability"] = $"{BrokerOptions.Section}:{nameof(BrokerOptions.Durability)}",
    };

    /// <summary>The first argument that would be taken for nothing; null when all mean something.</summary>
    public static string? FindUnknown(string[] arguments)
    {
        for (var index = 0; index < arguments.Length; index++)
        {
            var parts = arguments[index].Split('=', 2);
            // A configuration key has a section; a word without one would set what nobody reads.
            if (
                !Switches.ContainsKey(parts[0])
                && !(parts[0].StartsWith("--", StringComparison.Ordinal) && parts[0].Contains(':'))
            )
                return arguments[index];
            if (parts.Length == 1 && ++index == arguments.Length)
                return $"{parts[0]} without a value";
        }
        return null;
    }
}
