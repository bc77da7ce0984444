using LibrdkafkaRedist;

namespace Veltrix.Testing;

/// <summary>Programs that tests drive: found on PATH, else fetched from Debian's packages into a cache of this user, without root.</summary>
public static class NativeTools
{
    /// <summary>kcat, the command line for Kafka.</summary>
    public static Task<NativeTool> KcatAsync(CancellationToken cancellation = default) =>
        FindAsync("kcat", "kcat", "usr/bin/kcat", cancellation);

    /// <summary>promtool, which checks what Prometheus would read.</summary>
    public static Task<NativeTool> PromtoolAsync(CancellationToken cancellation = default) =>
        FindAsync("promtool", "prometheus", "usr/bin/promtool", cancellation);

    /// <summary>redis-cli.</summary>
    public static Task<NativeTool> RedisCliAsync(CancellationToken cancellation = default) =>
        FindAsync("redis-cli", "redis-tools", "usr/bin/redis-cli", cancellation);

    /// <summary>etcd, the key-value store that Kubernetes keeps its configuration in.</summary>
    public static Task<NativeTool> EtcdAsync(CancellationToken cancellation = default) =>
        FindAsync("etcd", "etcd-server", "usr/bin/etcd", cancellation);

    /// <summary>Chromium, the program itself and not Debian's script around it. As root it needs <c>--no-sandbox</c>.</summary>
    public static Task<NativeTool> ChromiumAsync(CancellationToken cancellation = default) =>
        FindAsync("chromium", "chromium", "usr/lib/chromium/chromium", cancellation);

    /// <summary>Node.js.</summary>
    public static Task<NativeTool> NodeAsync(CancellationToken cancellation = default) =>
        FindAsync("node", "nodejs", "usr/bin/node", cancellation);

    /// <summary>Debian's Python with the modules of further Debian packages.</summary>
    /// <param name="packages">Packages that hold modules, with the native libraries that these need.</param>
    /// <param name="cancellation">Ends the fetch.</param>
    public static async Task<NativeTool> PythonAsync(string[] packages, CancellationToken cancellation = default)
    {
        // The modules' native halves fit Debian's own Python, whatever else stands first on PATH.
        const string debians = "/usr/bin/python3";
        if (!File.Exists(debians))
            Prerequisite.Missing("Python is needed.", "sudo apt-get install -y python3");
        var roots = new List<string>();
        foreach (var package in packages)
            roots.Add(await FetchAsync(package, cancellation));
        return new NativeTool(
            debians,
            new Dictionary<string, string>
            {
                ["PYTHONPATH"] = string.Join(
                    ':',
                    roots.Select(root => Path.Combine(root, "usr/lib/python3/dist-packages"))
                ),
                ["LD_LIBRARY_PATH"] = string.Join(':', roots.SelectMany(NativePackages.LibraryDirectories)),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            }
        );
    }

    private static async Task<NativeTool> FindAsync(
        string program,
        string package,
        string path,
        CancellationToken cancellation
    )
    {
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);
        if (installed is not null)
            return new NativeTool(installed, new Dictionary<string, string>());
        var root = await FetchAsync(package, cancellation);
        return new NativeTool(Path.Combine(root, path), EnvironmentOf(root));
    }

    private static async Task<string> FetchAsync(string package, CancellationToken cancellation)
    {
        try
        {
            return await NativePackages.FetchAsync(package, Console.Error.WriteLine, cancellation);
        }
        catch (NativePackageException error)
        {
            Prerequisite.Missing(error.Message, $"sudo apt-get install -y {package}");
            throw;
        }
    }

    private static Dictionary<string, string> EnvironmentOf(string root)
    {
        var environment = new Dictionary<string, string>
        {
            ["LD_LIBRARY_PATH"] = string.Join(':', NativePackages.LibraryDirectories(root)),
            // Data of desktop libraries (mime types, icons, settings), as if the tree were installed.
            ["XDG_DATA_DIRS"] = $"{Path.Combine(root, "usr/share")}:/usr/local/share:/usr/share",
        };
        if (FontConfiguration(root) is { } fonts)
            environment["FONTCONFIG_FILE"] = fonts;
        return environment;
    }

    /// <summary>Debian's own configuration names directories below /; this one names those of the tree as well.</summary>
    private static string? FontConfiguration(string root)
    {
        var fonts = Path.Combine(root, "usr/share/fonts");
        if (!Directory.Exists(fonts))
            return null;
        var file = Path.Combine(Path.GetTempPath(), $"veltrix-fonts-{Environment.UserName}.conf");
        File.WriteAllText(
            file,
            $"""
            <?xml version="1.0"?>
            <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
            <fontconfig>
              <dir>{fonts}</dir>
              <dir>/usr/share/fonts</dir>
              <cachedir>{Path.Combine(Path.GetTempPath(), $"veltrix-fonts-{Environment.UserName}")}</cachedir>
            </fontconfig>
            """
        );
        return file;
    }
}
