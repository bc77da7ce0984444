using System.Diagnostics;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests;

/// <summary>
/// A real file system that can be filled: tmpfs, mounted in namespaces of a shell's own, which needs no privileges and leaves
/// nothing behind. Programs see it when they are started through <see cref="Enter"/>.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Done = "done";
    private readonly Process _shell;
    private readonly TemporaryDirectory _mountPoint;

    private SmallDisk(Process shell, TemporaryDirectory mountPoint) => (_shell, _mountPoint) = (shell, mountPoint);

    /// <summary>Where it is, for whoever sees it.</summary>
    public string Path => _mountPoint.Path;

    /// <summary>What stands before the name of a program and its arguments, to start it where the disk is.</summary>
    public IReadOnlyList<string> Enter =>
        ["nsenter", "--user", "--mount", "--preserve-credentials", $"--target={_shell.Id}"];

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux())
            Prerequisite.Missing("A small disk is a tmpfs in a namespace.", "(on Linux) dotnet test");
        var start = new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "sh"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var mountPoint = new TemporaryDirectory();
        var disk = new SmallDisk(Start(start), mountPoint);
        if (!await disk.TryRunAsync($"mount -t tmpfs -o size={megabytes}M tmpfs {mountPoint.Path}"))
        {
            var reason = await disk._shell.StandardError.ReadToEndAsync();
            await disk.DisposeAsync();
            Prerequisite.Missing($"No file system can be mounted without privileges: {reason.Trim()}", Allow());
        }
        return disk;
    }

    /// <summary>Takes room.</summary>
    public Task FillAsync(string name, int megabytes) =>
        RunAsync($"dd if=/dev/zero of={Path}/{name} bs=1M count={megabytes} 2> /dev/null");

    /// <summary>Takes what is left, to the last byte.</summary>
    public Task FillUpAsync(string name) => RunAsync($"dd if=/dev/zero of={Path}/{name} bs=4k 2> /dev/null || true");

    /// <summary>Gives room back.</summary>
    public Task RemoveAsync(string name) => RunAsync($"rm {Path}/{name}");

    public async ValueTask DisposeAsync()
    {
        // Its end takes the namespaces with it, and they the file system.
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _mountPoint.Dispose();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Prerequisite.Missing(error.Message, "sudo apt-get install -y util-linux");
            throw;
        }
    }

    private async Task RunAsync(string command) => (await TryRunAsync(command)).ShouldBeTrue(command);

    private async Task<bool> TryRunAsync(string command)
    {
        try
        {
            await _shell.StandardInput.WriteLineAsync($"{command} && echo {Done} || echo failed");
            await _shell.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It could not even begin.
            return false;
        }
        return await _shell.StandardOutput.ReadLineAsync() == Done;
    }

    private static string Allow()
    {
        string[] switches = ["kernel/unprivileged_userns_clone=1", "kernel/apparmor_restrict_unprivileged_userns=0"];
        var present = switches.Where(name => File.Exists($"/proc/sys/{name.Split('=')[0]}"));
        return $"sudo sysctl -w user.max_user_namespaces=10000 {string.Join(' ', present.Select(name => name.Replace('/', '.')))}";
    }
}
