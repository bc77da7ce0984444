using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>The user that a server runs as: PostgreSQL refuses to run as root.</summary>
internal sealed record ServerUser(string Name, int UserId, int GroupId)
{
    /// <summary>Null when the AppHost is not root and servers simply run as its user.</summary>
    public static ServerUser? ForServers() =>
        !Environment.IsPrivilegedProcess
            ? null
            : Find("postgres")
                ?? Find("nobody")
                ?? throw new DistributedApplicationException(
                    "PostgreSQL refuses to run as root and this machine has neither a user 'postgres' nor 'nobody'. "
                        + "Type: useradd --system postgres"
                );

    /// <summary>The command line that runs <paramref name="program"/> as this user; it replaces itself, no process stays between.</summary>
    public IEnumerable<string> Command(string program) =>
        [
            "setpriv",
            string.Create(CultureInfo.InvariantCulture, $"--reuid={UserId}"),
            string.Create(CultureInfo.InvariantCulture, $"--regid={GroupId}"),
            "--clear-groups",
            "--no-new-privs",
            program,
        ];

    public void Own(string path) => _ = NativeMethods.ChangeOwner(path, UserId, GroupId);

    /// <summary>Whether this user can reach what lies in the directory, asked by trying: any ancestor may be closed.</summary>
    public async Task<bool> CanEnterAsync(string directory, CancellationToken cancellation)
    {
        using var process = Process.Start("setpriv", [.. Command("test").Skip(1), "-x", directory]);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0;
    }

    // "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash" (passwd(5))
    private static ServerUser? Find(string name) =>
        File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3 && fields[0] == name)
            .Select(fields => new ServerUser(
                name,
                int.Parse(fields[2], CultureInfo.InvariantCulture),
                int.Parse(fields[3], CultureInfo.InvariantCulture)
            ))
            .FirstOrDefault();
}
