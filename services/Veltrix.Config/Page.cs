using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config;

/// <summary>A page of a list that is read newest first.</summary>
/// <param name="Before">Only what has a smaller number.</param>
/// <param name="Limit">At most so many.</param>
internal readonly record struct Page(int Before, int Limit)
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    public static ProblemHttpResult? Read(string? before, string? limit, out Page page)
    {
        page = default;
        if (!WholeNumber.TryRead(before, int.MaxValue, int.MaxValue, out var below))
            return ErrorCatalogue.InvalidRequest.ToProblem("before must be a whole number from 1.");
        if (!WholeNumber.TryRead(limit, DefaultLimit, MaximumLimit, out var most))
            return ErrorCatalogue.InvalidRequest.ToProblem($"limit must be a whole number from 1 to {MaximumLimit}.");
        page = new(below, most);
        return null;
    }
}
