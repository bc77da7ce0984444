using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;

namespace Veltrix.Config.Nodes;

/// <summary>
/// What the replicas tell each other about nodes: one row per node, written by the replica that it reports to. The table is
/// not logged: after a crash of PostgreSQL it is empty, and full again a second later.
/// </summary>
internal sealed class FleetStore(ConfigDbContext database)
{
    /// <summary>The database's time.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellation) =>
        (
            await database
                .Database.SqlQuery<DateTimeOffset>($"""select clock_timestamp() "Value" """)
                .ToListAsync(cancellation)
        )[0];

    /// <summary>Writes rows, unless another replica heard of a node later. A time to come is no later one: the database's clock was set back.</summary>
    public Task<int> WriteAsync(Guid replica, IReadOnlyList<SharedNode> rows, CancellationToken cancellation)
    {
        // Always in the same order: two replicas that write the same nodes wait for each other only in one direction.
        var ordered = rows.OrderBy(row => row.Node, StringComparer.Ordinal).ToList();
        string[] nodes = [.. ordered.Select(row => row.Node)];
        string[] services = [.. ordered.Select(row => row.Service)];
        double[] ages = [.. ordered.Select(row => row.AgeSeconds)];
        string[] conditions = [.. ordered.Select(row => row.Condition)];
        DateTimeOffset[] since = [.. ordered.Select(row => row.Since)];
        string[] details = [.. ordered.Select(row => row.Detail)];
        string[] reports = [.. ordered.Select(row => row.Report)];
        return database.Database.ExecuteSqlAsync(
            $"""
            insert into fleet_nodes as known (node, service, replica, seen_at, condition, since, detail, report)
            select node, service, {replica}, clock_timestamp() - make_interval(secs => age), condition, since, detail, report
            from unnest({nodes}, {services}, {ages}, {conditions}, {since}, {details}, {reports})
                as told (node, service, age, condition, since, detail, report)
            on conflict (node) do update set
                service = excluded.service, replica = excluded.replica, seen_at = excluded.seen_at,
                condition = excluded.condition, since = excluded.since, detail = excluded.detail, report = excluded.report
            where excluded.seen_at > known.seen_at or known.seen_at > clock_timestamp()
            """,
            cancellation
        );
    }

    /// <summary>What the other replicas heard within <paramref name="window"/>.</summary>
    public Task<List<SharedNode>> ReadAsync(Guid replica, TimeSpan window, CancellationToken cancellation) =>
        database
            .Database.SqlQuery<SharedNode>(
                $"""
                select node "Node", service "Service", seen_at "SeenAt",
                    greatest(0, extract(epoch from clock_timestamp() - seen_at))::double precision "AgeSeconds",
                    condition "Condition", since "Since", detail "Detail", report "Report"
                from fleet_nodes
                where replica <> {replica} and seen_at > clock_timestamp() - {window}
                order by seen_at desc limit {NodeRegistry.MaximumNodes}
                """
            )
            .ToListAsync(cancellation);

    /// <summary>Removes the nodes that are long gone, and the longest silent ones beyond the limit.</summary>
    public Task<int> TidyAsync(CancellationToken cancellation) =>
        database.Database.ExecuteSqlAsync(
            $"""
            delete from fleet_nodes where seen_at <= greatest(
                clock_timestamp() - {NodeRegistry.Remembered},
                (select seen_at from fleet_nodes order by seen_at desc offset {NodeRegistry.MaximumNodes} limit 1))
            """,
            cancellation
        );
}
