using System.Security.Cryptography;
using LibrdkafkaRedist;

namespace Veltrix.Testing;

/// <summary>Packages of npm that tests drive, exactly as a lock file names them, in a cache of this user.</summary>
public static class NodePackages
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    /// <summary>Installs what <paramref name="directory"/>'s package-lock.json names, once for each content of it.</summary>
    /// <param name="directory">Holds package.json and package-lock.json.</param>
    /// <param name="cancellation">Ends the installation; what it did is thrown away.</param>
    /// <returns>The node_modules directory, for <c>NODE_PATH</c>.</returns>
    public static async Task<string> InstallAsync(string directory, CancellationToken cancellation = default)
    {
        var lockFile = Path.Combine(directory, "package-lock.json");
        var content = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(lockFile, cancellation)));
        var home = Path.Combine(NativePackages.CacheDirectory, "npm", content[..16]);
        var modules = Path.Combine(home, "node_modules");
        if (Directory.Exists(modules))
            return modules;

        Directory.CreateDirectory(Path.GetDirectoryName(home)!);
        var work = Directory.CreateDirectory($"{home}.{Guid.NewGuid():N}").FullName;
        try
        {
            File.Copy(lockFile, Path.Combine(work, "package-lock.json"));
            File.Copy(Path.Combine(directory, "package.json"), Path.Combine(work, "package.json"));
            await InstallIntoAsync(work, cancellation);
            // Published by a rename, so that a killed installation leaves nothing half done.
            Directory.Move(work, home);
        }
        catch (IOException) when (Directory.Exists(modules))
        {
            // Another process was faster.
            Directory.Delete(work, recursive: true);
        }
        return modules;
    }

    private static async Task InstallIntoAsync(string work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(InstallLimit);
        var npm = new NativeTool("npm", new Dictionary<string, string>());
        string[] arguments = ["ci", "--prefix", work, "--ignore-scripts", "--no-audit", "--no-fund"];
        try
        {
            var (exitCode, _, errors) = await npm.RunAsync(arguments, cancellation: limit.Token);
            if (exitCode == 0)
                return;
            Directory.Delete(work, recursive: true);
            Prerequisite.Missing($"npm ci failed: {errors.Trim()}", $"npm ci --ignore-scripts --prefix {work}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Directory.Delete(work, recursive: true);
            Prerequisite.Missing("npm is needed.", "sudo apt-get install -y npm");
        }
    }
}
