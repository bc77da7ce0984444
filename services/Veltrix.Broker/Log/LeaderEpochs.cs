namespace Veltrix.Broker.Log;

/// <summary>
/// Where each leader epoch begins in a partition. The broker takes a new epoch at every start, so that clients can see
/// whether what they read was truncated (KIP-320). Guarded by the partition's lock.
/// </summary>
internal sealed class LeaderEpochs
{
    private readonly List<(int Epoch, long StartOffset)> _epochs = [];

    /// <summary>The newest epoch that has records; -1 without any.</summary>
    public int Latest => _epochs.Count == 0 ? -1 : _epochs[^1].Epoch;

    public void Add(int epoch, long startOffset)
    {
        if (epoch > Latest)
            _epochs.Add((epoch, startOffset));
    }

    /// <summary>The largest epoch not above <paramref name="epoch"/>, and where the next one begins.</summary>
    public (int Epoch, long EndOffset) EndOf(int epoch, int currentEpoch, long logEndOffset)
    {
        if (epoch == currentEpoch)
            return (epoch, logEndOffset);
        var index = _epochs.FindLastIndex(entry => entry.Epoch <= epoch);
        if (index < 0 || epoch > currentEpoch)
            return (-1, -1);
        return (_epochs[index].Epoch, index + 1 < _epochs.Count ? _epochs[index + 1].StartOffset : logEndOffset);
    }

    /// <summary>The epoch of the record at <paramref name="offset"/>; -1 when there is none.</summary>
    public int At(long offset)
    {
        var index = _epochs.FindLastIndex(entry => entry.StartOffset <= offset);
        return index < 0 ? -1 : _epochs[index].Epoch;
    }

    /// <summary>Forgets epochs that end before <paramref name="startOffset"/>.</summary>
    public void TruncateBefore(long startOffset)
    {
        while (_epochs.Count > 1 && _epochs[1].StartOffset <= startOffset)
            _epochs.RemoveAt(0);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_epochs.Count);
        foreach (var (epoch, startOffset) in _epochs)
        {
            writer.Write(epoch);
            writer.Write(startOffset);
        }
    }

    public void Load(BinaryReader reader)
    {
        _epochs.Clear();
        for (var left = reader.ReadInt32(); left > 0; left--)
            _epochs.Add((reader.ReadInt32(), reader.ReadInt64()));
    }
}
