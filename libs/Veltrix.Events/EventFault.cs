namespace Veltrix.Events;

/// <summary>Why an event, or a whole request, is refused.</summary>
/// <param name="Error">Entry of the catalogue.</param>
/// <param name="Detail">What is wrong this time: the member and, where there is one, the byte at which it stands.</param>
public readonly record struct EventFault(Error Error, string Detail);
