using System.Reflection;

namespace Aspire.Hosting.Orchestration;

/// <summary>How a project of this repository is started.</summary>
internal static class ProjectCommand
{
    /// <summary>What a project does not inherit from the AppHost, as in Aspire: these are the AppHost's own settings.</summary>
    public static readonly IReadOnlyDictionary<string, string?> NotInherited = new Dictionary<string, string?>
    {
        ["ASPNETCORE_URLS"] = null,
        ["ASPNETCORE_ENVIRONMENT"] = null,
        ["DOTNET_ENVIRONMENT"] = null,
        ["DOTNET_LAUNCH_PROFILE"] = null,
        ["ASPIRE_LOGLEVEL"] = null,
        // Of a test host or of `dotnet run` above us.
        ["DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE"] = null,
        ["DOTNET_ROOT_X64"] = null,
        ["MSBuildSDKsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null,
        ["MSBuildExtensionsPath"] = null,
    };

    /// <summary>
    /// <c>dotnet DLL</c> when the project was built where we were built (the same configuration and framework), which
    /// saves the SDK's process; else <c>dotnet run --no-build</c> as Aspire does.
    /// </summary>
    public static ProcessSpecification For(string project, string? builtAssembly = null)
    {
        var directory = Path.GetDirectoryName(project)!;
        return (File.Exists(builtAssembly) ? builtAssembly : Assembly(project)) is { } assembly
            ? new ProcessSpecification("dotnet", [assembly]) { WorkingDirectory = directory }
            : new ProcessSpecification(
                "dotnet",
                ["run", "--project", project, "--no-build", "--configuration", Configuration, "--no-launch-profile"]
            )
            {
                WorkingDirectory = directory,
            };
    }

    private static string Configuration =>
        typeof(ProjectCommand).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    private static string? Assembly(string project)
    {
        var framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        var assembly = Path.Combine(
            Path.GetDirectoryName(project)!,
            "bin",
            Configuration,
            framework,
            $"{Path.GetFileNameWithoutExtension(project)}.dll"
        );
        return File.Exists(assembly) ? assembly : null;
    }
}
