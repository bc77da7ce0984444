using System.Globalization;
using LibrdkafkaRedist;

namespace Aspire.Hosting.Orchestration;

/// <summary>The PostgreSQL server's programs: the machine's own, or those fetched without root.</summary>
internal sealed record PostgresBinaries(string Directory, string? LibraryPath)
{
    /// <summary>The Debian package whose dependency is the release's newest server.</summary>
    public const string Package = "postgresql";

    public string Initialize => Path.Combine(Directory, "initdb");

    public string Server => Path.Combine(Directory, "postgres");

    public IReadOnlyDictionary<string, string?> Environment
    {
        get
        {
            var environment = new Dictionary<string, string?>
            {
                ["LC_ALL"] = "C.UTF-8",
                // A developer's own settings must not reach this server.
                ["PGDATA"] = null,
                ["PGPORT"] = null,
            };
            if (LibraryPath is not null)
                environment["LD_LIBRARY_PATH"] = LibraryPath;
            return environment;
        }
    }

    public static async Task<PostgresBinaries> FindAsync(Action<string> progress, CancellationToken cancellation)
    {
        if (Find() is { } present)
            return present;
        try
        {
            await NativePackages.FetchAsync(Package, progress, cancellation);
        }
        catch (NativePackageException error)
        {
            throw new DistributedApplicationException(error.Message, error);
        }
        return Find()
            ?? throw new DistributedApplicationException(
                $"PostgreSQL was fetched but holds no server. Type: sudo apt-get install -y {Package}"
            );
    }

    private static PostgresBinaries? Find()
    {
        if (Newest("/") is { } installed)
            return new PostgresBinaries(installed, null);
        var onPath = (System.Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(IsServer);
        if (onPath is not null)
            return new PostgresBinaries(onPath, null);
        return NativePackages.Find(Package) is { } root && Newest(root) is { } fetched
            ? new PostgresBinaries(fetched, string.Join(':', NativePackages.LibraryDirectories(root)))
            : null;
    }

    /// <summary>Debian keeps each major version apart: usr/lib/postgresql/15/bin.</summary>
    private static string? Newest(string root)
    {
        var versions = Path.Combine(root, "usr/lib/postgresql");
        return !System.IO.Directory.Exists(versions)
            ? null
            : System
                .IO.Directory.EnumerateDirectories(versions)
                .OrderByDescending(directory =>
                    int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var version)
                        ? version
                        : 0
                )
                .Select(directory => Path.Combine(directory, "bin"))
                .FirstOrDefault(IsServer);
    }

    private static bool IsServer(string directory) =>
        File.Exists(Path.Combine(directory, "postgres")) && File.Exists(Path.Combine(directory, "initdb"));
}
