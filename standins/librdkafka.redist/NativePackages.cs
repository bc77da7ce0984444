using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LibrdkafkaRedist;

/// <summary>
/// Fetches Debian packages without root and without installing them: private apt lists and archives, then
/// <c>dpkg -x</c> into a cache of this user. Only what the machine lacks is fetched. Nothing of the system is touched.
/// </summary>
/// <remarks>
/// Layout: <c>CACHE/native/ROOT-OF-PACKAGE/</c> is one unpacked tree per requested package with all of its missing
/// dependencies, published by a rename, so that a killed fetch leaves nothing half done.
/// </remarks>
internal static class NativePackages
{
    private static readonly TimeSpan DownloadLimit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Where fetched packages live. Root's home is closed to the users that servers run as, so root uses /var/cache.
    /// </summary>
    public static string CacheDirectory { get; } =
        Environment.IsPrivilegedProcess
            ? "/var/cache/veltrix"
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                    ? cache
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "veltrix"
            );

    /// <summary>The unpacked tree of <paramref name="package"/>, or null when it was never fetched.</summary>
    public static string? Find(string package)
    {
        var root = Path.Combine(CacheDirectory, "native", package);
        return Directory.Exists(root) ? root : null;
    }

    /// <summary>Fetches <paramref name="package"/> and the dependencies that this machine lacks, once.</summary>
    /// <param name="package">Name of the Debian package.</param>
    /// <param name="progress">Receives one line per step; downloads take minutes on a slow line.</param>
    /// <param name="cancellation">Ends the fetch; what was fetched is thrown away.</param>
    /// <returns>The root of the unpacked tree (it holds usr/, etc/ ...).</returns>
    /// <exception cref="NativePackageException">apt or dpkg failed; the message holds the command to type instead.</exception>
    public static async Task<string> FetchAsync(string package, Action<string> progress, CancellationToken cancellation)
    {
        if (Find(package) is { } present)
            return present;

        Directory.CreateDirectory(Path.Combine(CacheDirectory, "native"));
        using var exclusive = await LockAsync(Path.Combine(CacheDirectory, "native.lock"), progress, cancellation);
        if (Find(package) is { } fetchedMeanwhile)
            return fetchedMeanwhile;

        var work = Directory.CreateTempSubdirectory("veltrix-native-").FullName;
        try
        {
            return await FetchIntoAsync(package, work, progress, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new NativePackageException(
                $"The Debian package '{package}' is needed, this machine lacks it, and fetching it without root failed: "
                    + $"{error.Message} Install it with: sudo apt-get update && sudo apt-get install -y --no-install-recommends {package}",
                error
            );
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Directories of shared libraries below an unpacked tree, for LD_LIBRARY_PATH.</summary>
    public static IReadOnlyList<string> LibraryDirectories(string root) =>
        [
            .. Directory
                .EnumerateFiles(root, "*.so*", SearchOption.AllDirectories)
                .Select(file => Path.GetDirectoryName(file)!)
                .Distinct(StringComparer.Ordinal),
        ];

    private static async Task<string> FetchIntoAsync(
        string package,
        string work,
        Action<string> progress,
        CancellationToken cancellation
    )
    {
        var lists = Path.Combine(work, "lists");
        var archives = Path.Combine(work, "cache", "archives");
        Directory.CreateDirectory(Path.Combine(lists, "partial"));
        Directory.CreateDirectory(Path.Combine(archives, "partial"));
        string[] apart =
        [
            "-o",
            $"Dir::State::lists={lists}",
            "-o",
            $"Dir::Cache={Path.Combine(work, "cache")}",
            "-o",
            "Debug::NoLocking=1",
            // Without root, apt cannot switch to its own user for downloads.
            "-o",
            "APT::Sandbox::User=root",
            "-qq",
        ];

        progress($"{package}: reading Debian's package lists");
        await RunAsync("apt-get", [.. apart, "update"], work, cancellation);

        // --print-uris names exactly what an installation on this machine would add.
        var plan = await RunAsync(
            "apt-get",
            [.. apart, "--print-uris", "-y", "--no-install-recommends", "install", package],
            work,
            cancellation
        );
        var missing = ReadPlan(plan);
        // Installed, but its files were not found where they were looked for: fetch the package alone.
        if (missing.Count == 0)
            missing.Add((package, 0));

        progress(
            $"{package}: downloading {missing.Count} packages, {missing.Sum(item => item.Bytes) / 1_000_000.0:F1} MB"
        );
        var downloads = Directory.CreateDirectory(Path.Combine(work, "downloads")).FullName;
        await RunAsync(
            "apt-get",
            [.. apart, "download", .. missing.Select(item => item.Name)],
            downloads,
            cancellation
        );

        var staging = Path.Combine(CacheDirectory, "native", $".{package}.{Environment.ProcessId}");
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
        Directory.CreateDirectory(staging);
        foreach (var archive in Directory.EnumerateFiles(downloads, "*.deb"))
            await RunAsync("dpkg", ["-x", archive, staging], work, cancellation);
        await CheckAsync(package, staging, work, cancellation);

        var root = Path.Combine(CacheDirectory, "native", package);
        Directory.Move(staging, root);
        progress($"{package}: ready in {root}");
        return root;
    }

    /// <summary>Lines such as 'http://…/librdkafka1_2.0.2-1_amd64.deb' librdkafka1_2.0.2-1_amd64.deb 643568 MD5Sum:…</summary>
    internal static List<(string Name, long Bytes)> ReadPlan(string plan) =>
        [
            .. plan.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .Where(fields => fields.Length >= 3 && fields[0].StartsWith('\''))
                .Select(fields => (fields[1].Split('_')[0], long.Parse(fields[2], CultureInfo.InvariantCulture))),
        ];

    /// <summary>Asks ldd whether every library is found that the package's programs and libraries want.</summary>
    /// <exception cref="InvalidOperationException">One is not.</exception>
    private static async Task CheckAsync(string package, string root, string work, CancellationToken cancellation)
    {
        var files = Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(file => IsProgramOrLibrary(Path.GetRelativePath(root, file)) && IsElf(file))
            .ToList();
        if (files.Count == 0)
            return;
        var report = await RunAsync(
            "ldd",
            files,
            work,
            cancellation,
            libraryPath: string.Join(':', LibraryDirectories(root))
        );
        var missing = MissingLibraries(report);
        if (missing.Count > 0)
            throw new InvalidOperationException(
                $"{package} was unpacked, but these libraries are missing: {string.Join(", ", missing)}."
            );
    }

    /// <summary>What ldd did not find: "	librdkafka.so.1 => not found".</summary>
    internal static IReadOnlyList<string> MissingLibraries(string report) =>
        [
            .. report
                .Split('\n')
                .Where(line => line.EndsWith("=> not found", StringComparison.Ordinal))
                .Select(line => line.Trim().Split(' ')[0])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// usr/bin/x, usr/lib/postgresql/15/bin/x, usr/lib/x86_64-linux-gnu/x.so.1; not the plug-ins in directories of their
    /// own, whose libraries may belong to packages that are only recommended.
    /// </summary>
    private static bool IsProgramOrLibrary(string path)
    {
        var directory = Path.GetFileName(Path.GetDirectoryName(path));
        return directory is "bin" || directory?.EndsWith("-linux-gnu", StringComparison.Ordinal) is true;
    }

    private static bool IsElf(string file)
    {
        if (File.ResolveLinkTarget(file, returnFinalTarget: false) is not null)
            return false;
        using var stream = File.OpenRead(file);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == 4
            && magic.SequenceEqual("\u007fELF"u8);
    }

    /// <summary>A lock between processes: an exclusively opened file, released by the kernel when its holder dies.</summary>
    private static async Task<FileStream> LockAsync(
        string path,
        Action<string> progress,
        CancellationToken cancellation
    )
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (attempt == 0)
                    progress("another process is fetching native packages; waiting for it");
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }

    private static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        CancellationToken cancellation,
        string? libraryPath = null
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DownloadLimit);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            Environment = { ["LC_ALL"] = "C", ["DEBIAN_FRONTEND"] = "noninteractive" },
        };
        if (libraryPath is not null)
            start.Environment["LD_LIBRARY_PATH"] = libraryPath;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
                throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {(await errors).Trim()}"
                );
            return await output;
        }
        catch (OperationCanceledException expired)
        {
            process.Kill(entireProcessTree: true);
            if (cancellation.IsCancellationRequested)
                throw;
            throw new InvalidOperationException(
                $"{program} took longer than {DownloadLimit.TotalMinutes} minutes.",
                expired
            );
        }
    }
}
