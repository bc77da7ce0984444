using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config.Versions;

/// <summary>The header <c>If-Match</c> of a publication (RFC 9110, section 13.1.1).</summary>
internal static class IfMatch
{
    /// <summary>The entity tag of a version.</summary>
    public static EntityTagHeaderValue TagOf(int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{number}\""));

    /// <summary>Reads the header where it has to be there; else says what is wrong.</summary>
    public static ProblemHttpResult? Require(HttpRequest request, out Func<int?, bool> mayFollow)
    {
        var header = request.Headers.IfMatch;
        if (!TryParse(header, out mayFollow))
            return Unreadable();
        return StringValues.IsNullOrEmpty(header)
            ? ErrorCatalogue.PreconditionRequired.ToProblem("It has no header If-Match.")
            : null;
    }

    public static ProblemHttpResult Unreadable() =>
        ErrorCatalogue.InvalidRequest.ToProblem("If-Match must hold quoted entity tags such as \"7\", or *.");

    /// <summary>Whether the header can be read; <paramref name="mayFollow"/> then tells which current version it agrees to.</summary>
    public static bool TryParse(StringValues header, out Func<int?, bool> mayFollow)
    {
        mayFollow = _ => true;
        if (StringValues.IsNullOrEmpty(header))
            return true;
        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags))
            return false;
        mayFollow = number =>
            number is { } current
            && tags.Any(tag =>
                tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(TagOf(current), useStrongComparison: true)
            );
        return true;
    }
}
