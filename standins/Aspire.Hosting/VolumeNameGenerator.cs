using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names a volume <c>{application}-{hash of the AppHost}-{resource}-{suffix}</c>.</summary>
public static partial class VolumeNameGenerator
{
    private const int HashCharacters = 10;

    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        if (suffix.Length == 0 || NotAllowed().IsMatch(suffix))
            throw new ArgumentException($"The suffix '{suffix}' contains invalid characters.", nameof(suffix));
        var application = NotAllowed()
            .Replace(builder.ApplicationBuilder.Environment.ApplicationName, "_")
            .ToLowerInvariant();
        var hash = builder.ApplicationBuilder.Configuration["AppHost:Sha256"]![..HashCharacters].ToLowerInvariant();
        return $"{application}-{hash}-{builder.Resource.Name}-{suffix}";
    }

    [GeneratedRegex("^[^a-zA-Z0-9]|[^a-zA-Z0-9_.-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotAllowed();
}
