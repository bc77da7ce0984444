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
        var session = request.Session;
        var mechanism = request.Read().ReadString();
        var error =
            session.IsAuthenticated || session.HasChosenMechanism ? ErrorCode.IllegalSaslState
            : mechanism == PlainAuthentication.Mechanism ? ErrorCode.None
            : ErrorCode.UnsupportedSaslMechanism;
        if (error != ErrorCode.None)
            session.Refuse();
        session.HasChosenMechanism = error == ErrorCode.None && request.Version >= 1;
        session.ExpectsBareToken = error == ErrorCode.None && request.Version == 0;
        response.WriteError(error);
        response.WriteArrayLength(error == ErrorCode.IllegalSaslState ? 0 : 1);
        if (error != ErrorCode.IllegalSaslState)
            response.WriteString(PlainAuthentication.Mechanism);
        return ValueTask.CompletedTask;
    }
}
