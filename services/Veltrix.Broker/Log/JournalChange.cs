namespace Veltrix.Broker.Log;

/// <summary>A change of one key in a <see cref="KeyValueJournal"/>.</summary>
/// <param name="Key">What changes.</param>
/// <param name="Value">Its new value; empty removes it.</param>
/// <param name="Settled">
/// Told whether the change is durable, before the write's task is. Durable changes come in the order in which they were
/// written, one after the other.
/// </param>
internal readonly record struct JournalChange(string Key, byte[] Value, Action<bool>? Settled = null)
{
    public static JournalChange Removal(string key, Action<bool>? settled = null) => new(key, [], settled);
}
