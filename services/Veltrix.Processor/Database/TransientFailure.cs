using System.Net.Sockets;
using Npgsql;

namespace Veltrix.Processor.Database;

/// <summary>Tells failures that pass by themselves from those that the same batch would meet again.</summary>
internal static class TransientFailure
{
    // Classes of SQLSTATE that say something about the data or the statement, not about the server's condition:
    // 21 cardinality, 22 data exception, 23 constraint, 54 program limit (for instance an index row too large).
    // Not 42 (a missing table, a missing right): that is the server's condition, and no event is to blame for it.
    private static readonly HashSet<string> PermanentClasses = new(StringComparer.Ordinal) { "21", "22", "23", "54" };

    public static bool Is(Exception failure) =>
        failure switch
        {
            ConcurrentChangeException => true,
            PostgresException server => !PermanentClasses.Contains(server.SqlState[..2]),
            NpgsqlException => true,
            TimeoutException or SocketException or IOException => true,
            // Nobody asked for the end: some limit of time was met inside. And no event is to blame for full memory.
            OperationCanceledException or OutOfMemoryException => true,
            // The pool was closed below a batch in hand, or a connection broke in the middle of a statement.
            ObjectDisposedException or InvalidOperationException { Source: "Npgsql" } => true,
            _ => false,
        };
}

/// <summary>Another node changed the same row first; the batch is repeated on what is there now.</summary>
internal sealed class ConcurrentChangeException(string message) : Exception(message);
