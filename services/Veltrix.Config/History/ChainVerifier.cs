using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.History;

namespace Veltrix.Config.History;

/// <summary>
/// Checks every version against its chain hash. A chain cannot tell that its end was cut off, or all of it written anew: what
/// the audit names, and what this replica has served and verified before, can.
/// </summary>
public sealed class ChainVerifier(ConfigDbContext database, CurrentVersion current, ChainState state)
{
    // A document has at most 1 MiB: this bounds the memory of one verification.
    private const int PageSize = 16;

    /// <summary>Reads the whole history, page by page, and keeps the verdict in <see cref="ChainState"/>.</summary>
    public async Task<HistoryVerdict> VerifyAsync(CancellationToken cancellation)
    {
        // Before the walk: what is published during it may be missing here, but nothing from here may be missing there.
        var served = current.Value;
        var audited = await database.Audit.MaxAsync(row => row.Version, cancellation);
        var check = new ChainCheck();
        var fault = await WalkAsync(check, served, state.LastIntact, cancellation);
        var newest = Math.Max(served?.Number ?? 0, audited ?? 0);
        if (fault is null && check.Versions < newest)
            fault = new(
                check.Versions + 1,
                string.Create(CultureInfo.InvariantCulture, $"It is missing: version {newest} was published.")
            );
        var verdict = new HistoryVerdict(fault is null, check.Versions, check.ChainHash, fault);
        state.Take(verdict);
        return verdict;
    }

    private async Task<ChainFault?> WalkAsync(
        ChainCheck check,
        ConfigurationVersion? served,
        HistoryVerdict? verified,
        CancellationToken cancellation
    )
    {
        var last = int.MinValue;
        while (true)
        {
            var page = await database
                .Versions.AsNoTracking()
                .Where(row => row.Number > last)
                .OrderBy(row => row.Number)
                .Take(PageSize)
                .ToListAsync(cancellation);
            foreach (var row in page)
            {
                if (check.Next(row.ToLink(), row.Document, row.ChainHash) is { } fault)
                    return fault;
                if (row.Number == served?.Number && row.Hash != served.Hash)
                    return new(row.Number, "It is not what this replica has served under this number.");
                if (row.Number == verified?.Versions && row.ChainHash != verified.ChainHash)
                    return new(row.Number, "The history up to it was written anew since it was verified last.");
            }
            if (page.Count < PageSize)
                return null;
            last = page[^1].Number;
        }
    }
}
