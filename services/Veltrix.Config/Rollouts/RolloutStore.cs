using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Rollouts;

/// <summary>Reads rollouts, and keeps the samples that they judge by: in the database, since nodes report to any replica.</summary>
internal sealed class RolloutStore(ConfigDbContext database)
{
    /// <summary>How long samples are kept: three of the longest looks at a wave.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(3 * RolloutRequest.LongestBakeSeconds);

    public Task<RolloutState?> ActiveAsync(CancellationToken cancellation) =>
        database.Rollouts.AsNoTracking().SingleOrDefaultAsync(row => row.Active, cancellation);

    public Task<RolloutState?> FindAsync(int number, CancellationToken cancellation) =>
        database.Rollouts.AsNoTracking().SingleOrDefaultAsync(row => row.Number == number, cancellation);

    public Task<RolloutState?> FindAsync(Guid id, CancellationToken cancellation) =>
        database.Rollouts.AsNoTracking().SingleOrDefaultAsync(row => row.CorrelationId == id, cancellation);

    /// <summary>Newest first, those below <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<Rollout>> ListAsync(int before, int limit, CancellationToken cancellation)
    {
        var rows = await database
            .Rollouts.AsNoTracking()
            .Where(row => row.Number < before)
            .OrderByDescending(row => row.Number)
            .Take(limit)
            .ToListAsync(cancellation);
        return rows.ConvertAll(row => row.ToRollout());
    }

    /// <summary>Adds samples and removes what is too old to matter.</summary>
    public async Task WriteAsync(IReadOnlyList<NodeSample> samples, DateTimeOffset now, CancellationToken cancellation)
    {
        var oldest = now - Kept;
        await database.Database.ExecuteSqlAsync($"delete from rollout_samples where at < {oldest}", cancellation);
        if (samples.Count == 0)
            return;
        string[] nodes = [.. samples.Select(sample => sample.Node)];
        string[] services = [.. samples.Select(sample => sample.Service)];
        DateTimeOffset[] times = [.. samples.Select(sample => sample.At)];
        int?[] versions = [.. samples.Select(sample => sample.Version)];
        int?[] refused = [.. samples.Select(sample => sample.RefusedVersion)];
        string?[] refusals = [.. samples.Select(sample => sample.Refusal)];
        double[] events = [.. samples.Select(sample => sample.Events)];
        double[] errors = [.. samples.Select(sample => sample.Errors)];
        double?[] latencies = [.. samples.Select(sample => sample.LatencyP99Milliseconds)];
        await database.Database.ExecuteSqlAsync(
            $"""
            insert into rollout_samples (node, service, at, version, refused_version, refusal, events, errors, p99_ms)
            select * from unnest({nodes}, {services}, {times}, {versions}, {refused}, {refusals}, {events}, {errors}, {latencies})
            on conflict do nothing
            """,
            cancellation
        );
    }

    public Task<List<NodeSample>> SamplesAsync(DateTimeOffset from, CancellationToken cancellation) =>
        database
            .Database.SqlQuery<NodeSample>(
                $"""
                select node "Node", service "Service", at "At", version "Version", refused_version "RefusedVersion",
                    refusal "Refusal", events "Events", errors "Errors", p99_ms "LatencyP99Milliseconds"
                from rollout_samples where at >= {from}
                """
            )
            .ToListAsync(cancellation);
}
