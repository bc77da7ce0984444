using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Takes passwords out of what is shown.</summary>
internal static partial class SecretMask
{
    public static string Apply(string connectionString) => Password().Replace(connectionString, "${name}=***");

    [GeneratedRegex(
        @"(?<name>[\w.]*(password|pwd|secret))\s*=\s*[^;,]*",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Password();
}
