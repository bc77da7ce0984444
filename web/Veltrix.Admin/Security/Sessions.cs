using System.Collections.Concurrent;
using System.Security.Claims;

namespace Veltrix.Admin.Security;

/// <summary>
/// Who is signed in. A cookie alone cannot be taken back, and an open page does not send it again: both ask here.
/// Bounded: the oldest sessions end when there are too many.
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(8);
    public const int MaximumSessions = 1_000;

    private const string ClaimType = "veltrix/session";
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);

    /// <summary>Begins a session; the claim ties a cookie to it.</summary>
    public Claim Begin()
    {
        var now = time.GetUtcNow();
        var ended = _ends.Where(session => session.Value <= now);
        var surplus = _ends.OrderBy(session => session.Value).Take(_ends.Count - MaximumSessions + 1);
        foreach (var (old, _) in ended.Concat(surplus).ToList())
            _ends.TryRemove(old, out _);
        var id = Guid.NewGuid().ToString("N");
        _ends[id] = now + Limit;
        return new Claim(ClaimType, id);
    }

    public bool IsOpen(ClaimsPrincipal user) =>
        user.FindFirst(ClaimType) is { } claim && _ends.TryGetValue(claim.Value, out var end) && time.GetUtcNow() < end;

    public void End(ClaimsPrincipal user)
    {
        if (user.FindFirst(ClaimType) is { } claim)
            _ends.TryRemove(claim.Value, out _);
    }
}
