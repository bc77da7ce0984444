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
        // PostgreSQL cannot store U+0000, and a reason is shown on one line.
        return reason?.Length is >= 1 and <= Publication.MaximumReasonCharacters && !reason.Any(char.IsControl)
            ? reason
            : null;
    }

    public static ProblemHttpResult Missing() =>
        ErrorCatalogue.MissingReason.ToProblem(
            $"reason must be a string of 1 to {Publication.MaximumReasonCharacters} characters without control characters."
        );
}
