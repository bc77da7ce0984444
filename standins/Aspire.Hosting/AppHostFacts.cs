using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting;

/// <summary>What the build wrote into the AppHost's assembly.</summary>
/// <param name="Directory">Directory of the AppHost's project.</param>
/// <param name="ProjectName">File name of the project with its extension; the assembly's name when unknown.</param>
internal sealed record AppHostFacts(string? Directory, string ProjectName)
{
    private const string TargetPathPrefix = "apphosttarget:";

    public static AppHostFacts Of(Assembly? assembly) =>
        new(
            Metadata(assembly, "apphostprojectpath"),
            Metadata(assembly, "apphostprojectname") ?? assembly?.GetName().Name ?? "AppHost"
        );

    /// <summary>The built assembly of the project <paramref name="projectPath"/>, which the build of the AppHost named; null for an unknown project.</summary>
    public static string? TargetPath(Assembly? assembly, string projectPath) =>
        Metadata(assembly, TargetPathPrefix + projectPath);

    /// <summary>Tells AppHosts on one machine apart: by path where they run, by name where they are published.</summary>
    public static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? Metadata(Assembly? assembly, string key) =>
        assembly
            ?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.OrdinalIgnoreCase))
            ?.Value;
}
