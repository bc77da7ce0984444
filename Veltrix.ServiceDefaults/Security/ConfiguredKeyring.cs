using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Veltrix.ServiceDefaults.Security;

/// <summary>The keys of the configuration. Only their hashes stay in memory, and nothing logs either.</summary>
internal sealed partial class ConfiguredKeyring : IKeyring
{
    private readonly IReadOnlyList<(byte[] Hash, Caller Caller)> _keys;

    public ConfiguredKeyring(IConfiguration configuration, ILogger<ConfiguredKeyring> logger)
    {
        _keys =
        [
            .. new[] { Roles.Node, Roles.Ingest, Roles.Operator }
                .Select(role => (Key: configuration[$"Keys:{role}"], Role: role))
                .Where(entry => !string.IsNullOrEmpty(entry.Key))
                .Select(entry => (Hash(entry.Key!), new Caller(entry.Role, entry.Role))),
            .. configuration
                .GetSection("Keys:Operators")
                .GetChildren()
                .Where(entry => !string.IsNullOrEmpty(entry.Value))
                .Select(entry => (Hash(entry.Value!), new Caller(entry.Key, Roles.Operator))),
        ];
        if (_keys.Count == 0)
            Log.NoKeys(logger);
    }

    public Caller? Find(string key)
    {
        var hash = Hash(key);
        Caller? found = null;
        // All of them are compared, whichever matches. Of two equal keys the last, stronger role counts.
        foreach (var (known, caller) in _keys)
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = caller;
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Critical,
            "No key is configured: every request that needs one is refused. Set Keys:Ingest, Keys:Operator or Keys:Node"
        )]
        public static partial void NoKeys(ILogger logger);
    }
}
