using System.Text.RegularExpressions;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Which requests the broker answers, in which versions. Its response header never has tags, in any version.</summary>
internal sealed partial class ApiVersionsApi(Func<IEnumerable<Api>> all)
    : Api(ApiKey.ApiVersions, 0, 4, firstFlexibleVersion: 3)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        Write(response, request.Version, IsGood(request) ? ErrorCode.None : ErrorCode.InvalidRequest);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether the client's software has a name and a version as KIP-511 wants them.</summary>
    private static bool IsGood(ApiRequest request)
    {
        if (request.Version < 3)
            return true;
        var reader = request.Read();
        return Software().IsMatch(reader.ReadString()) && Software().IsMatch(reader.ReadString());
    }

    [GeneratedRegex(@"^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Software();

    /// <summary>A client with a version from the future gets a version 0 answer, and chooses again (KIP-511).</summary>
    public void AnswerUnsupported(ProtocolWriter response)
    {
        response.Flexible = false;
        Write(response, version: 0, ErrorCode.UnsupportedVersion);
    }

    private void Write(ProtocolWriter response, short version, ErrorCode error)
    {
        var apis = error == ErrorCode.InvalidRequest ? [] : all().OrderBy(api => api.Key).ToList();
        response.WriteError(error);
        response.WriteArrayLength(apis.Count);
        foreach (var api in apis)
        {
            response.WriteInt16((short)api.Key);
            response.WriteInt16(api.AdvertisedMinimumVersion);
            response.WriteInt16(api.MaximumVersion);
            response.WriteNoTags();
        }
        if (version >= 1)
            response.WriteInt32(0);
        response.WriteNoTags();
    }
}
