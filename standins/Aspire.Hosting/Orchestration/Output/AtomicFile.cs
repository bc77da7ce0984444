namespace Aspire.Hosting.Orchestration;

/// <summary>Writes a file so that a reader sees the old text or the new one, never a part.</summary>
internal static class AtomicFile
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Removes the file; its directory may be gone already.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    /// <param name="path">The file to write or replace.</param>
    /// <param name="text">Its new content.</param>
    /// <param name="mode">Who may read it.</param>
    /// <param name="durable">Whether the text must survive a crash of the machine.</param>
    public static void Write(string path, string text, UnixFileMode mode = Everybody, bool durable = true)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        };
        using (var stream = new FileStream(draft, options))
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true))
                writer.Write(text);
            stream.Flush(flushToDisk: durable);
        }
        File.Move(draft, path, overwrite: true);
    }
}
