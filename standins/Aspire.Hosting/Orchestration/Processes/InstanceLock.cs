namespace Aspire.Hosting.Orchestration;

/// <summary>One AppHost per data directory: a lock that the kernel releases when its holder dies, however it dies.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <exception cref="DistributedApplicationException">Another AppHost holds the directory.</exception>
    public static InstanceLock Take(string dataDirectory)
    {
        try
        {
            return new InstanceLock(
                new FileStream(
                    Path.Combine(dataDirectory, "lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                )
            );
        }
        catch (IOException error)
        {
            throw new DistributedApplicationException(
                $"Another AppHost already runs on {dataDirectory}: stop it first, or set StandIns:DataDirectory to another directory.",
                error
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
