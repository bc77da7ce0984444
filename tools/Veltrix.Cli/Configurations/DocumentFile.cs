using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.Cli.Configurations;

/// <summary>A file that a user names: JSON, or YAML when its name says so.</summary>
internal static class DocumentFile
{
    private const int LargestBytes = 16 * 1024 * 1024;

    /// <summary>Its JSON; whether it is JSON at all is for its reader to say.</summary>
    /// <exception cref="CliException">It cannot be read, is too large, or is not YAML though its name says so.</exception>
    public static ReadOnlyMemory<byte> Read(string file, CliContext context)
    {
        try
        {
            var path = Path.GetFullPath(file, context.WorkingDirectory);
            if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
                throw new IOException($"{file} is larger than {LargestBytes} bytes.");
            var bytes = File.ReadAllBytes(path);
            return ConfigurationYaml.IsFileName(file) ? ConfigurationYaml.ToJson(bytes) : bytes;
        }
        catch (FormatException exception)
        {
            throw new CliException(ErrorCatalogue.InvalidConfiguration, $"{file} is not YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var error = ErrorCatalogue.UnreadableInput;
            throw new CliException(error.Code, error.Title, exception.Message, "Name a file that can be read.");
        }
    }
}
