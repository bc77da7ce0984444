using Veltrix.Events;

namespace Veltrix.Cli.Platform;

/// <summary>Addresses and keys of the platform that a command works with: what the user gave, else what the running platform says.</summary>
internal sealed class PlatformConnection
{
    private readonly PlatformSettings _settings;
    private readonly string _workingDirectory;
    private readonly string? _path;
    private readonly PlatformFile? _file;

    public PlatformConnection(PlatformSettings settings, string workingDirectory)
    {
        _settings = settings;
        _workingDirectory = workingDirectory;
        _path = PlatformLocator.FindFile(workingDirectory, settings.Platform);
        _file = _path is null ? null : PlatformLocator.Read(_path);
    }

    public Uri Ingest => _settings.Ingest ?? Find("ingest");

    public Uri Processor => _settings.Processor ?? Find("processor");

    public Uri Config => _settings.Config ?? Find("config");

    public string IngestKey => Key("ingest-key");

    public string OperatorKey => Key("operator-key");

    private Uri Find(string resource) =>
        _file is null
            ? throw new CliException(
                ErrorCatalogue.PlatformNotFound,
                $"Neither {_workingDirectory} nor a directory above holds .veltrix/resources.json, and --{resource} was not given."
            )
            : _file.AddressOf(resource)
                ?? throw new CliException(
                    ErrorCatalogue.PlatformNotFound,
                    $"{_path} has no address of {resource}; is it running?"
                );

    private string Key(string name)
    {
        var path = _settings.KeyFile is { } given ? Path.GetFullPath(given, _workingDirectory) : SecretPath(name);
        try
        {
            var key = File.ReadAllText(path).Trim();
            return key.Length > 0 && key.All(char.IsAscii) && !key.Any(char.IsControl)
                ? key
                : throw new CliException(ErrorCatalogue.KeyNotFound, $"{path} does not hold a key.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorCatalogue.KeyNotFound, exception.Message);
        }
    }

    private string SecretPath(string name) =>
        _path is null
            ? throw new CliException(
                ErrorCatalogue.KeyNotFound,
                "No running platform was found to take a key from, and --key-file was not given."
            )
            : Path.Combine(
                _file?.AppHost?.SecretsDirectory ?? Path.Combine(Path.GetDirectoryName(_path)!, "secrets"),
                name
            );
}
