namespace Veltrix.Broker.Network;

/// <summary>What a connection has shown about who it is.</summary>
internal sealed class ClientSession(PlainAuthentication authentication)
{
    /// <summary>Whether it may ask for anything; where there are no users, everybody may.</summary>
    public bool IsAuthenticated { get; private set; } = !authentication.IsRequired;

    /// <summary>Whether it could not say who it is: it is answered, and that is all.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether the client has chosen a mechanism, so that its token may come.</summary>
    public bool HasChosenMechanism { get; set; }

    /// <summary>Whether the next bytes are its token, without a request around them (a handshake of version 0).</summary>
    public bool ExpectsBareToken { get; set; }

    /// <summary>The client failed at saying who it is, unless it has done so before.</summary>
    public void Refuse() => IsRefused = !IsAuthenticated;

    public bool Authenticate(ReadOnlySpan<byte> token)
    {
        IsAuthenticated = authentication.IsValid(token);
        Refuse();
        ExpectsBareToken = false;
        return IsAuthenticated;
    }
}
