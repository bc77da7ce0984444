using System.Text;
using System.Text.Json;
using Veltrix.Configuration;

namespace Veltrix.Config.Store;

/// <summary>A configuration as rows hold it: the canonical bytes as text.</summary>
internal static class StoredDocument
{
    public static string Write(PlatformConfiguration configuration) =>
        Encoding.UTF8.GetString(CanonicalJson.Write(configuration));

    public static PlatformConfiguration Read(string document) =>
        JsonSerializer.Deserialize(document, ConfigurationJson.Default.PlatformConfiguration)!;
}
