using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>Freeze, pins and four eyes.</summary>
public sealed class PolicyActs(ActTransaction transaction, ConfigDbContext database)
{
    /// <summary>Most pins at a time.</summary>
    public const int MaximumPins = 1_000;

    /// <summary>The policy now.</summary>
    public async Task<PublicationPolicy> ReadAsync(CancellationToken cancellation)
    {
        var policy = await database.Policy.AsNoTracking().SingleAsync(cancellation);
        var pins = await database.Pins.AsNoTracking().OrderBy(pin => pin.Path).ToListAsync(cancellation);
        return ToPolicy(policy, pins);
    }

    /// <summary>Stops all publications; frozen again, the last to do so and the last reason count.</summary>
    public Task<Outcome<PublicationPolicy>> FreezeAsync(string actor, string reason, CancellationToken cancellation) =>
        ChangeAsync(
            (act, policy) =>
            {
                (policy.FrozenBy, policy.FrozenAt, policy.FrozenReason) = (actor, act.Now, reason);
                act.Audit(ConfigurationActs.Freeze, actor, reason);
                return null;
            },
            cancellation
        );

    /// <summary>Allows publications again.</summary>
    public Task<Outcome<PublicationPolicy>> UnfreezeAsync(
        string actor,
        string reason,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            (act, policy) =>
            {
                (policy.FrozenBy, policy.FrozenAt, policy.FrozenReason) = (null, null, null);
                act.Audit(ConfigurationActs.Unfreeze, actor, reason);
                return null;
            },
            cancellation
        );

    /// <summary>
    /// Requires a second pair of eyes, or no longer. The latter takes two: one asks, another agrees by asking for the same. Else
    /// one pair could do away with the second whenever it is in the way.
    /// </summary>
    public Task<Outcome<PublicationPolicy>> SetFourEyesAsync(
        bool required,
        string actor,
        string reason,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            (act, policy) =>
            {
                if (policy.FourEyes && !required)
                {
                    if (policy.WaiverAskedBy == actor)
                        return new Refusal(
                            ErrorCatalogue.OwnApproval,
                            $"{actor} asked to require four eyes no longer; another key has to agree."
                        );
                    if (policy.WaiverAskedBy is null)
                    {
                        (policy.WaiverAskedBy, policy.WaiverAskedAt, policy.WaiverReason) = (actor, act.Now, reason);
                        act.Audit(ConfigurationActs.AskToWaiveFourEyes, actor, reason);
                        return null;
                    }
                }
                policy.FourEyes = required;
                (policy.WaiverAskedBy, policy.WaiverAskedAt, policy.WaiverReason) = (null, null, null);
                act.Audit(
                    required ? ConfigurationActs.RequireFourEyes : ConfigurationActs.WaiveFourEyes,
                    actor,
                    reason
                );
                return null;
            },
            cancellation
        );

    /// <summary>Pins a path of the current version; pinned again, the last to do so and the last reason count.</summary>
    public Task<Outcome<Pin>> PinAsync(string path, string actor, string reason, CancellationToken cancellation) =>
        transaction.RunAsync<Pin>(
            async (act, token) =>
            {
                var current = await act.Database.Versions.NewestFirst().FirstAsync(token);
                if (!ConfigurationPaths.Exists(StoredDocument.Read(current.Document), path))
                    return new Refusal(
                        ErrorCatalogue.UnknownPath,
                        $"Version {current.Number} has nothing at this path."
                    );
                var pin = await act.Database.Pins.SingleOrDefaultAsync(row => row.Path == path, token);
                if (pin is null && await act.Database.Pins.CountAsync(token) >= MaximumPins)
                    return new Refusal(ErrorCatalogue.InvalidRequest, $"There are {MaximumPins} pins already.");
                if (pin is null)
                    act.Database.Pins.Add(
                        pin = new()
                        {
                            Path = path,
                            PinnedBy = actor,
                            PinnedAt = act.Now,
                            Reason = reason,
                        }
                    );
                else
                    (pin.PinnedBy, pin.PinnedAt, pin.Reason) = (actor, act.Now, reason);
                act.Audit(ConfigurationActs.Pin, actor, reason, path: path);
                return ToPin(pin);
            },
            cancellation
        );

    /// <summary>Releases a pinned path; the answer is the pin that was there.</summary>
    public Task<Outcome<Pin>> UnpinAsync(string path, string actor, string reason, CancellationToken cancellation) =>
        transaction.RunAsync<Pin>(
            async (act, token) =>
            {
                if (await act.Database.Pins.SingleOrDefaultAsync(row => row.Path == path, token) is not { } pin)
                    return new Refusal(ErrorCatalogue.NotPinned, "No pin has exactly this path.");
                act.Database.Pins.Remove(pin);
                act.Audit(ConfigurationActs.Unpin, actor, reason, path: path);
                return ToPin(pin);
            },
            cancellation
        );

    private Task<Outcome<PublicationPolicy>> ChangeAsync(
        Func<Act, StoredPolicy, Refusal?> change,
        CancellationToken cancellation
    ) =>
        transaction.RunAsync<PublicationPolicy>(
            async (act, token) =>
            {
                var policy = await act.Database.Policy.SingleAsync(token);
                if (change(act, policy) is { } refusal)
                    return refusal;
                return ToPolicy(
                    policy,
                    await act.Database.Pins.AsNoTracking().OrderBy(pin => pin.Path).ToListAsync(token)
                );
            },
            cancellation
        );

    private static PublicationPolicy ToPolicy(StoredPolicy policy, List<StoredPin> pins) =>
        new(
            policy.FourEyes,
            policy is { FrozenBy: { } by, FrozenAt: { } at, FrozenReason: { } reason }
                ? new Freeze(by, at, reason)
                : null,
            pins.ConvertAll(ToPin),
            policy is { WaiverAskedBy: { } asker, WaiverAskedAt: { } askedAt, WaiverReason: { } why }
                ? new Waiver(asker, askedAt, why)
                : null
        );

    private static Pin ToPin(StoredPin pin) => new(pin.Path, pin.PinnedBy, pin.PinnedAt, pin.Reason);
}
