using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace LibrdkafkaRedist;

/// <summary>
/// Finds librdkafka for Confluent.Kafka, in this order: the path in <c>VELTRIX_LIBRDKAFKA</c>, the application's
/// folder, the system's librdkafka.so.1, the tree that <see cref="NativePackages"/> fetched.
/// </summary>
internal static class Librdkafka
{
    /// <summary>The Debian package that carries the library.</summary>
    public const string Package = "librdkafka1";

    private const string SharedObject = "librdkafka.so.1";
    private static readonly Lock Gate = new();
    private static bool _installed;
    private static nint _handle;

    /// <summary>Tells the runtime where the library is. Call before the first use of Confluent.Kafka; further calls do nothing.</summary>
    public static void Use()
    {
        lock (Gate)
        {
            if (_installed)
                return;
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
            _installed = true;
        }
    }

    /// <summary>Fetches the library when neither the machine nor the cache has it.</summary>
    /// <exception cref="NativePackageException">It could not be fetched.</exception>
    public static async Task EnsureAsync(Action<string> progress, CancellationToken cancellation)
    {
        if (Load() == 0)
            await NativePackages.FetchAsync(Package, progress, cancellation);
        if (Load() == 0)
            throw new NativePackageException(
                $"{SharedObject} was fetched but does not load. Install it with: sudo apt-get install -y {Package}"
            );
        Use();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, "librdkafka", StringComparison.Ordinal) ? Load() : 0;

    private static nint Load()
    {
        lock (Gate)
        {
            if (_handle != 0)
                return _handle;
            if (Environment.GetEnvironmentVariable("VELTRIX_LIBRDKAFKA") is { Length: > 0 } configured)
                return _handle = NativeLibrary.Load(configured);
            if (
                NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, "librdkafka.so"), out _handle)
                || NativeLibrary.TryLoad(SharedObject, out _handle)
            )
                return _handle;
            return _handle = LoadFetched();
        }
    }

    /// <summary>
    /// Loads the fetched library's own dependencies by path first: the dynamic linker takes a library that is already
    /// loaded under the wanted name, so that no LD_LIBRARY_PATH is needed.
    /// </summary>
    private static nint LoadFetched()
    {
        if (NativePackages.Find(Package) is not { } root)
            return 0;
        var libraries = Directory
            .EnumerateFiles(root, "*.so.*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith("librdkafka", StringComparison.Ordinal))
            .ToList();
        // Dependencies among them load in any order within a few rounds; each round loads at least one more.
        for (var before = -1; libraries.Count != before; )
        {
            before = libraries.Count;
            libraries.RemoveAll(file => NativeLibrary.TryLoad(file, out _));
        }
        var library = Directory.EnumerateFiles(root, SharedObject, SearchOption.AllDirectories).FirstOrDefault();
        return library is not null && NativeLibrary.TryLoad(library, out var handle) ? handle : 0;
    }
}
