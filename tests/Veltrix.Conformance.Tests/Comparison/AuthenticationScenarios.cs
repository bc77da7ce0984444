using System.Text;
using Veltrix.Testing;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>How clients say who they are: SASL/PLAIN.</summary>
internal static class AuthenticationScenarios
{
    private const string Plain = "PLAIN";

    /// <summary>More than anybody may send before it is known.</summary>
    private const int TooManyBytes = 600_000;

    public static async Task UnwantedAsync(Dialogue dialogue)
    {
        foreach (var version in (short[])[0, 1])
        {
            await HandshakeAsync(dialogue, $"handshake, version {version}", version);
            await HandshakeAsync(dialogue, $"handshake of an unknown mechanism, version {version}", version, "NONE");
        }
        foreach (var version in (short[])[0, 1, 2])
            await AuthenticateAsync(dialogue, $"token, version {version}", version, Token());
    }

    public static async Task WantedAsync(Dialogue dialogue)
    {
        await BeforeAsync(dialogue);
        await TokensAsync(dialogue);
        await BareTokensAsync(dialogue);
    }

    private static async Task BeforeAsync(Dialogue dialogue)
    {
        await AnswersAsync(dialogue, "versions before anything", "ApiVersions", 2);
        await AnswersAsync(dialogue, "versions again", "ApiVersions", 0);
        await AnswersAsync(dialogue, "topics before anything", "Metadata", 1);
        foreach (var version in (short[])[0, 1])
        {
            dialogue.Disconnect();
            await HandshakeAsync(dialogue, $"unknown mechanism, version {version}", version, "NONE");
            await HandshakeAsync(dialogue, $"a known one after that, version {version}", version);
        }
        foreach (var version in (short[])[0, 1, 2])
        {
            dialogue.Disconnect();
            await AuthenticateAsync(dialogue, $"token without a handshake, version {version}", version, Token());
        }
        await ChosenAsync(dialogue);
        await AnswersAsync(dialogue, "topics instead of the token", "Metadata", 1);
        await ChosenAsync(dialogue);
        await AnswersAsync(dialogue, "versions instead of the token", "ApiVersions", 0);
        await AuthenticateAsync(dialogue, "token after the versions", 1, Token());
        await ChosenAsync(dialogue);
        await HandshakeAsync(dialogue, "handshake instead of the token", 1);
        await AuthenticateAsync(dialogue, "token after another handshake", 1, Token());
        dialogue.Disconnect();
        await NoteBareAsync(dialogue, "too much", new byte[TooManyBytes]);
    }

    private static async Task TokensAsync(Dialogue dialogue)
    {
        foreach (var version in (short[])[0, 1, 2])
        {
            await ChosenAsync(dialogue);
            await AuthenticateAsync(dialogue, $"wrong password, version {version}", version, Token(password: "wrong"));
            await AnswersAsync(dialogue, $"topics after that, version {version}", "Metadata", 1);
        }
        (string, byte[])[] tokens =
        [
            ("unknown user", Token(user: "nobody")),
            ("no user", Token(user: "")),
            ("no password", Token(password: "")),
            ("on behalf of oneself", Token(behalf: Servers.KafkaUser)),
            ("on behalf of another", Token(behalf: "root")),
            ("empty", []),
            ("without zero bytes", Encoding.UTF8.GetBytes(Servers.KafkaUser)),
            ("with one more part", [.. Token(), 0, 65]),
            ("not UTF-8", [0, 0xC3, 0x28, 0, 0xC3, 0x28]),
        ];
        foreach (var (step, token) in tokens)
        {
            await ChosenAsync(dialogue);
            await AuthenticateAsync(dialogue, step, 1, token);
        }
        foreach (var version in (short[])[0, 1, 2])
        {
            await ChosenAsync(dialogue);
            await AuthenticateAsync(dialogue, $"right, version {version}", version, Token());
            await AnswersAsync(dialogue, $"topics, version {version}", "Metadata", 1);
            await HandshakeAsync(dialogue, $"handshake once more, version {version}", 1);
            await AuthenticateAsync(dialogue, $"token once more, version {version}", version, Token());
        }
    }

    /// <summary>After a handshake of version 0 the token comes without a request around it, and so does its answer.</summary>
    private static async Task BareTokensAsync(Dialogue dialogue)
    {
        // SaslAuthenticate of version 0, correlation id 7, no client id, a token of no bytes
        byte[] request = [0, 36, 0, 0, 0, 0, 0, 7, 0xFF, 0xFF, 0, 0, 0, 0];
        (string, byte[])[] tokens =
        [
            ("right", Token()),
            ("wrong", Token(password: "wrong")),
            ("empty", []),
            ("in a request", request),
        ];
        foreach (var (step, token) in tokens)
        {
            await ChosenAsync(dialogue, version: 0);
            await NoteBareAsync(dialogue, $"bare token, {step}", token);
            await AnswersAsync(dialogue, $"topics after the bare token, {step}", "Metadata", 1);
        }
    }

    private static byte[] Token(
        string user = Servers.KafkaUser,
        string password = Servers.Password,
        string behalf = ""
    ) => Encoding.UTF8.GetBytes($"{behalf}\0{user}\0{password}");

    /// <summary>A connection of its own that has chosen the mechanism.</summary>
    private static async Task ChosenAsync(Dialogue dialogue, short version = 1)
    {
        dialogue.Disconnect();
        var answer = await dialogue.SendAsync("SaslHandshake", version, F(("mechanism", Plain)));
        answer!.Error.ShouldBe<short>(0);
    }

    private static Task HandshakeAsync(Dialogue dialogue, string step, short version, string mechanism = Plain) =>
        dialogue.AskAsync(step, "SaslHandshake", version, F(("mechanism", mechanism)));

    private static Task AuthenticateAsync(Dialogue dialogue, string step, short version, byte[] token) =>
        dialogue.AskAsync(step, "SaslAuthenticate", version, F(("authBytes", token)));

    /// <summary>Notes whether something is answered, and with which error if it has one; what else, other scenarios ask.</summary>
    private static async Task AnswersAsync(Dialogue dialogue, string step, string api, short version)
    {
        var answer = await dialogue.SendAsync(api, version, []);
        dialogue.Note(step, answer is null ? "closed" : answer.GetValueOrDefault("errorCode", "answered"));
    }

    private static async Task NoteBareAsync(Dialogue dialogue, string step, byte[] frame)
    {
        var client = await dialogue.ClientAsync();
        try
        {
            await client.SendFrameAsync(frame);
            dialogue.Note(step, await client.ReceiveFrameAsync());
        }
        catch (IOException)
        {
            dialogue.Disconnect();
            dialogue.Note(step, "closed");
        }
    }
}
