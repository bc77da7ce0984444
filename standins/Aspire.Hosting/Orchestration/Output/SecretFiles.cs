using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Generated values of parameters, one file each, readable by this user only.</summary>
internal sealed class SecretFiles : IParameterStore
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Lock _gate = new();

    public SecretFiles(string dataDirectory) => DirectoryPath = Path.Combine(dataDirectory, "secrets");

    public string DirectoryPath { get; }

    public string GetOrCreate(string name, ParameterDefault parameterDefault)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(DirectoryPath, Owner | UnixFileMode.UserExecute);
            // It may be older than this rule.
            File.SetUnixFileMode(DirectoryPath, Owner | UnixFileMode.UserExecute);
            var path = Path.Combine(DirectoryPath, name);
            if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
                return kept;
            var value = parameterDefault.GetDefaultValue();
            AtomicFile.Write(path, value, Owner);
            return value;
        }
    }
}
