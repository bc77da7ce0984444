using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

/// <summary><see cref="Eventually"/>, ended with the test run.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static Task UntilAsync(Func<Task<bool>> condition) =>
        Eventually.HoldsAsync(condition, Limit, cancellation: TestContext.Current.CancellationToken);
}
