using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>
/// The last version that came into force, in a file, so that a node can boot while the configuration service is away. It
/// is signed with the node key (HMAC-SHA256): nobody without it can put a configuration under a node. The first line is
/// the signature in hexadecimal, the rest is the version as JSON.
/// </summary>
/// <remarks>Replicas of a service may share the file: they write the same, and each write replaces it whole.</remarks>
internal sealed partial class LastGoodCopy
{
    private const int SignatureCharacters = 2 * HMACSHA256.HashSizeInBytes;
    private const long MaximumBytes = 4 * 1024 * 1024;

    private readonly string? _path;
    private readonly byte[] _key;
    private readonly ILogger<LastGoodCopy> _logger;

    public LastGoodCopy(IConfiguration configuration, NodeIdentity node, ILogger<LastGoodCopy> logger)
    {
        _logger = logger;
        _key = Encoding.UTF8.GetBytes(configuration["Keys:Node"] ?? "");
        // Without a key anybody could sign.
        if (configuration["LastGoodConfiguration:Directory"] is { Length: > 0 } directory && _key.Length > 0)
            _path = Path.Combine(directory, $"{node.Service}.json");
    }

    /// <summary>Replaces the copy; a failure is logged and costs no more than the copy.</summary>
    public void Save(ConfigurationVersion version)
    {
        if (_path is null)
            return;
        var json = JsonSerializer.SerializeToUtf8Bytes(version, ConfigurationJson.Default.ConfigurationVersion);
        var temporary = $"{_path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Sign(json)));
                file.Write("\n"u8);
                file.Write(json);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(_logger, version.Number, failure.Message);
            Delete(temporary);
        }
    }

    /// <summary>The copy; null when there is none, or none that this node may trust.</summary>
    public ConfigurationVersion? Load()
    {
        if (_path is null || !File.Exists(_path))
            return null;
        try
        {
            if (new FileInfo(_path).Length > MaximumBytes)
                throw new JsonException("It is too large.");
            var bytes = File.ReadAllBytes(_path);
            if (bytes.Length <= SignatureCharacters || bytes[SignatureCharacters] != (byte)'\n')
                throw new JsonException("It has no signature.");
            var json = bytes.AsSpan(SignatureCharacters + 1);
            if (
                !CryptographicOperations.FixedTimeEquals(
                    bytes.AsSpan(0, SignatureCharacters),
                    Encoding.ASCII.GetBytes(Sign(json))
                )
            )
                throw new JsonException("Its signature is not by this platform's node key.");
            return JsonSerializer.Deserialize(json, ConfigurationJson.Default.ConfigurationVersion);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.NotUsable(_logger, _path, failure.Message);
            return null;
        }
    }

    private string Sign(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, json));

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is a temporary file of a directory that cannot be written to.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No copy of configuration {Version} was kept: {Reason}")]
        public static partial void NotSaved(ILogger logger, int version, string reason);

        [LoggerMessage(LogLevel.Error, "The copy of the last good configuration {Path} is not used. {Reason}")]
        public static partial void NotUsable(ILogger logger, string path, string reason);
    }
}
