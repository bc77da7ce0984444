using Microsoft.EntityFrameworkCore;

namespace Veltrix.Config.Store;

internal static class VersionQueries
{
    /// <summary>Newest first, to be read only.</summary>
    public static IQueryable<StoredVersion> NewestFirst(this IQueryable<StoredVersion> versions) =>
        versions.AsNoTracking().OrderByDescending(row => row.Number);
}
