using Xunit;

namespace Veltrix.Testing;

/// <summary>What a test needs and a machine may lack: visibly skipped on a developer's, a failure where CI=true.</summary>
public static class Prerequisite
{
    /// <summary>Ends the test as skipped, or as failed under CI.</summary>
    /// <param name="reason">What is missing.</param>
    /// <param name="command">What to type to get it.</param>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Missing(string reason, string command)
    {
        var message = $"{reason} Type: {command}";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail(message);
        Assert.Skip(message);
    }
}
