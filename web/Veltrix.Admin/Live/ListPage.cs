using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Live;

/// <summary>One page of a numbered list that is read newest first.</summary>
/// <param name="Before">Start of the page, from the address; null for the newest.</param>
/// <param name="Items">Newest first.</param>
/// <param name="HasOlder">There are some below this page.</param>
/// <param name="Problem">What stood in the way.</param>
public sealed record ListPage<T>(int? Before, IReadOnlyList<T> Items, bool HasOlder, Problem? Problem)
    where T : class
{
    /// <summary>Items on one page; one more is read to tell whether there is another page.</summary>
    public const int Size = 25;

    internal static ListPage<T> Of(int? before, IReadOnlyList<T>? read, Problem? problem) =>
        new(before, [.. (read ?? []).Take(Size)], read?.Count > Size, problem);
}
