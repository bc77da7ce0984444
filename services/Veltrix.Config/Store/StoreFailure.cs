using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Veltrix.Config.Store;

internal static class StoreFailure
{
    /// <summary>Whether PostgreSQL could not be reached, or refused, as opposed to a bug of ours.</summary>
    public static bool Is(Exception exception) =>
        exception
            is DbException
                or DbUpdateException
                or RetryLimitExceededException
                or SocketException
                or TimeoutException
        || (exception is InvalidOperationException { InnerException: { } inner } && Is(inner));
}
