using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config;

/// <summary>Why an act is done: one line, kept for ever.</summary>
internal static class ReasonText
{
    /// <summary>The reason without blanks around it; null when it is none.</summary>
    public static string? Read(string? text)
    {
        var reason = text?.Trim();
        return reason is not null && OneLine.Is(reason, Publication.MaximumReasonCharacters) ? reason : null;
    }

    public static ProblemHttpResult Missing() =>
        ErrorCatalogue.MissingReason.ToProblem(
            $"reason must be a string of 1 to {Publication.MaximumReasonCharacters} characters without control characters."
        );
}
