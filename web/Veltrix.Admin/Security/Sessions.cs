using System.Collections.Concurrent;
using System.Security.Claims;

namespace Veltrix.Admin.Security;

/// <summary>
/// Who is signed in, and with which key. A cookie alone cannot be taken back, and an open page does not send it again: both
/// ask here. The keys are nowhere else, and only in memory: they are gone with the session or the process.
/// Bounded: the oldest sessions end when there are too many.
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(8);
    public const int MaximumSessions = 1_000;

    private const string ClaimType = "veltrix/session";
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Begins a session of whoever has shown <paramref name="key"/>; the claim ties a cookie to it.</summary>
    public Claim Begin(string key)
    {
        var now = time.GetUtcNow();
        var ended = _sessions.Where(session => session.Value.End <= now);
        var surplus = _sessions.OrderBy(session => session.Value.End).Take(_sessions.Count - MaximumSessions + 1);
        foreach (var (old, _) in ended.Concat(surplus).ToList())
            _sessions.TryRemove(old, out _);
        var id = Guid.NewGuid().ToString("N");
        _sessions[id] = new(now + Limit, key);
        return new Claim(ClaimType, id);
    }

    public bool IsOpen(ClaimsPrincipal user) => KeyOf(user) is not null;

    /// <summary>The key that the session began with; null when it has ended.</summary>
    public string? KeyOf(ClaimsPrincipal user) =>
        user.FindFirst(ClaimType) is { } claim
        && _sessions.TryGetValue(claim.Value, out var session)
        && time.GetUtcNow() < session.End
            ? session.Key
            : null;

    public void End(ClaimsPrincipal user)
    {
        if (user.FindFirst(ClaimType) is { } claim)
            _sessions.TryRemove(claim.Value, out _);
    }

    // No record: those write what they hold into texts.
    private sealed class Session(DateTimeOffset end, string key)
    {
        public DateTimeOffset End => end;

        public string Key => key;
    }
}
