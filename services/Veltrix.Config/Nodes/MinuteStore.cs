using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>One row per node and minute.</summary>
internal sealed class MinuteStore(ConfigDbContext database)
{
    /// <summary>Most rows that one statement deletes.</summary>
    public const int DeletedAtOnce = 1_000;

    /// <summary>
    /// Writes parts of minutes, all or none. A part that is stored already is left as it is; what another replica, or this
    /// one before a restart, heard of the same minute is added up.
    /// </summary>
    public Task WriteAsync(IReadOnlyList<EndedMinute> parts, CancellationToken cancellation) =>
        database
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(
                async token =>
                {
                    await using var transaction = await database.Database.BeginTransactionAsync(token);
                    // In one order, so that two replicas never wait for each other.
                    foreach (
                        var round in Rounds(parts.OrderBy(part => part.Node, StringComparer.Ordinal).ThenBy(Minute))
                    )
                        await WriteRoundAsync(round, token);
                    await transaction.CommitAsync(token);
                },
                cancellation
            );

    /// <summary>The minutes of a node as JSON of <see cref="NodeMinute"/>, newest first.</summary>
    public Task<List<string>> ReadAsync(
        string node,
        DateTimeOffset from,
        DateTimeOffset to,
        int limit,
        CancellationToken cancellation
    ) =>
        database
            .Database.SqlQuery<string>(
                $"""
                select summary "Value" from node_minutes
                where node = {node} and minute >= {from} and minute < {to}
                order by minute desc limit {limit}
                """
            )
            .ToListAsync(cancellation);

    /// <summary>Deletes some of the minutes that are too old, or too many.</summary>
    /// <returns>How many; fewer than <see cref="DeletedAtOnce"/> when there are no more.</returns>
    public Task<int> TidyAsync(TimeSpan kept, int maximum, CancellationToken cancellation) =>
        database.Database.ExecuteSqlAsync(
            $"""
            delete from node_minutes where (node, minute) in (
                select node, minute from node_minutes
                where minute <= greatest(
                    clock_timestamp() - {kept},
                    (select minute from node_minutes order by minute desc offset {maximum} limit 1))
                order by minute limit {DeletedAtOnce} for update skip locked)
            """,
            cancellation
        );

    private static DateTimeOffset Minute(EndedMinute part) => part.Summary.Minute;

    /// <summary>Usually one; several when two parts are of the same node and minute.</summary>
    private static IEnumerable<Dictionary<(string, DateTimeOffset), EndedMinute>> Rounds(IEnumerable<EndedMinute> parts)
    {
        var rest = parts.ToList();
        while (rest.Count > 0)
        {
            var round = new Dictionary<(string, DateTimeOffset), EndedMinute>();
            rest = rest.FindAll(part => !round.TryAdd((part.Node, part.Summary.Minute), part));
            yield return round;
        }
    }

    private async Task WriteRoundAsync(
        Dictionary<(string Node, DateTimeOffset Minute), EndedMinute> round,
        CancellationToken cancellation
    )
    {
        string[] nodes = [.. round.Keys.Select(key => key.Node)];
        DateTimeOffset[] minutes = [.. round.Keys.Select(key => key.Minute)];
        string[] services = [.. round.Values.Select(part => part.Service)];
        Guid[] parts = [.. round.Values.Select(part => part.Part)];
        string[] summaries = [.. round.Values.Select(part => Write(part.Summary))];
        var written = await database.Database.ExecuteSqlAsync(
            $"""
            insert into node_minutes (node, minute, service, parts, summary)
            select node, minute, service, array[part], summary::json
            from unnest({nodes}, {minutes}, {services}, {parts}, {summaries})
                as ended (node, minute, service, part, summary)
            on conflict do nothing
            """,
            cancellation
        );
        if (written < round.Count)
            await AddAsync(round, nodes, minutes, cancellation);
    }

    private async Task AddAsync(
        Dictionary<(string Node, DateTimeOffset Minute), EndedMinute> round,
        string[] nodes,
        DateTimeOffset[] minutes,
        CancellationToken cancellation
    )
    {
        var stored = await database
            .Database.SqlQuery<StoredMinute>(
                $"""
                select node "Node", minute "Minute", parts "Parts", summary "Summary" from node_minutes
                where (node, minute) in (select * from unnest({nodes}, {minutes}))
                order by node collate "C", minute for update
                """
            )
            .ToListAsync(cancellation);
        foreach (var row in stored)
        {
            var part = round[(row.Node, row.Minute)];
            // A row that cannot be read stays as it is: this part of a minute is worth less than all that waits behind it.
            if (row.Parts.Contains(part.Part) || StoredJson.Minute(row.Summary) is not { } known)
                continue;
            var sum = new NodeMinuteSum(row.Minute);
            sum.Add(known);
            sum.Add(part.Summary);
            await database.Database.ExecuteSqlAsync(
                $"""
                update node_minutes set parts = parts || {part.Part}, summary = {Write(sum.ToMinute())}::json
                where node = {row.Node} and minute = {row.Minute}
                """,
                cancellation
            );
        }
    }

    private static string Write(NodeMinute minute) =>
        JsonSerializer.Serialize(minute, ConfigurationJson.Default.NodeMinute);

    private sealed record StoredMinute(string Node, DateTimeOffset Minute, Guid[] Parts, string Summary);
}
