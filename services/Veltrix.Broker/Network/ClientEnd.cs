namespace Veltrix.Broker.Network;

/// <summary>The other end of a connection.</summary>
/// <param name="Host">Its address, as Kafka writes it.</param>
/// <param name="Authentication">What it is checked against.</param>
/// <param name="IsGone">Whether it has closed the connection; asked while a request waits and nothing is read.</param>
internal sealed record ClientEnd(string Host, PlainAuthentication Authentication, Func<bool> IsGone);
