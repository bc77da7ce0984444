using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Live;

/// <summary>The last value that was read, and what has gone wrong since.</summary>
/// <param name="Value">Null before the first success.</param>
/// <param name="ReadAt">When <paramref name="Value"/> was read.</param>
/// <param name="Problem">Why the last attempt failed; null when it did not.</param>
internal sealed record Reading<T>(T? Value, DateTimeOffset? ReadAt, Problem? Problem)
    where T : class
{
    public static readonly Reading<T> None = new(null, null, null);

    /// <summary>Nothing has come back yet, neither value nor problem.</summary>
    public bool IsWaiting => Value is null && Problem is null;
}
