using Microsoft.EntityFrameworkCore;
using Veltrix.Configuration.History;

namespace Veltrix.Config.Store;

/// <summary>Reads proposals.</summary>
public sealed class ProposalStore(ConfigDbContext database)
{
    public Task<StoredProposal?> FindAsync(int number, CancellationToken cancellation) =>
        database.Proposals.AsNoTracking().SingleOrDefaultAsync(row => row.Number == number, cancellation);

    /// <summary>Newest first, those below <paramref name="before"/>, without reading their documents.</summary>
    public async Task<IReadOnlyList<Proposal>> ListAsync(int before, int limit, CancellationToken cancellation) =>
        await database
            .Proposals.Where(row => row.Number < before)
            .OrderByDescending(row => row.Number)
            .Take(limit)
            .Select(row => new Proposal(
                row.Number,
                row.State,
                row.Base,
                row.Hash,
                row.Author,
                row.Reason,
                row.ProposedAt,
                row.Approver,
                row.ApprovedAt,
                row.Version
            ))
            .ToListAsync(cancellation);
}
