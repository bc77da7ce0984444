using System.Security.Cryptography;

namespace Veltrix.Cli;

internal static class RunId
{
    /// <summary>Eight letters and digits that name one run.</summary>
    public static string New() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8);
}
