namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A client says who it is. After a refusal its connection is closed.</summary>
internal sealed class SaslAuthenticateApi() : Api(ApiKey.SaslAuthenticate, 0, 2, firstFlexibleVersion: 2)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var token = request.Read().ReadBytes();
        if (!request.Session.HasChosenMechanism && !request.Session.IsAuthenticated)
            throw new MalformedRequestException("A token before its mechanism.");
        var error =
            !request.Session.HasChosenMechanism ? ErrorCode.IllegalSaslState
            : request.Session.Authenticate(token) ? ErrorCode.None
            : ErrorCode.SaslAuthenticationFailed;
        request.Session.HasChosenMechanism = false;
        response.WriteError(error);
        response.WriteNullableString(error == ErrorCode.SaslAuthenticationFailed ? "Unknown user or password" : null);
        response.WriteBytes([]);
        if (request.Version >= 1)
            response.WriteInt64(0);
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
