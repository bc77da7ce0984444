namespace Veltrix.Events;

/// <summary>One entry of the error catalogue: what an operator reads when something is refused or fails.</summary>
/// <param name="Code">Stable code, <c>VX-nnnn</c>.</param>
/// <param name="Status">HTTP status that answers a request which met this error.</param>
/// <param name="Title">Short, the same for every occurrence.</param>
/// <param name="Cause">What led here.</param>
/// <param name="Fix">What the reader can do about it.</param>
public sealed record Error(string Code, int Status, string Title, string Cause, string Fix);
