using Veltrix.Broker.Network;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>
/// A client chooses how to say who it is. In version 0 its token follows without a request around it; librdkafka tries
/// no SASL at all where that version is missing.
/// </summary>
internal sealed class SaslHandshakeApi() : Api(ApiKey.SaslHandshake, 0, 1, NeverFlexible)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var mechanism = request.Read().ReadString();
        var error =
            !request.Session.IsAuthenticationRequired || request.Session.IsAuthenticated ? ErrorCode.IllegalSaslState
            : mechanism == PlainAuthentication.Mechanism ? ErrorCode.None
            : ErrorCode.UnsupportedSaslMechanism;
        request.Session.HasChosenMechanism = error == ErrorCode.None && request.Version >= 1;
        request.Session.ExpectsBareToken = error == ErrorCode.None && request.Version == 0;
        response.WriteError(error);
        response.WriteArrayLength(request.Session.IsAuthenticationRequired ? 1 : 0);
        if (request.Session.IsAuthenticationRequired)
            response.WriteString(PlainAuthentication.Mechanism);
        return ValueTask.CompletedTask;
    }
}
