using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config.Acts;

/// <summary>Why an act was not done; nothing was stored.</summary>
/// <param name="Error">Entry of the catalogue.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Members">Further members of the problem document.</param>
public sealed record Refusal(Error Error, string Detail, IDictionary<string, object?>? Members = null)
{
    internal ProblemHttpResult ToProblem() => Error.ToProblem(Detail, Members);
}
