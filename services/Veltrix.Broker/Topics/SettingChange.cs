namespace Veltrix.Broker.Topics;

/// <summary>A change to one setting of a topic.</summary>
/// <param name="Name">Kafka's name of the setting.</param>
/// <param name="Operation">What to do; a client may send any number.</param>
/// <param name="Value">The value, or for lists its parts; not looked at when the setting is removed.</param>
internal sealed record SettingChange(string Name, SettingOperation Operation, string? Value);

/// <summary>How a setting is changed; the numbers are Kafka's.</summary>
internal enum SettingOperation : sbyte
{
    Set = 0,

    /// <summary>The default holds again.</summary>
    Remove = 1,

    /// <summary>Adds to a list what it does not have.</summary>
    Append = 2,

    /// <summary>Takes from a list what it has.</summary>
    Subtract = 3,
}
