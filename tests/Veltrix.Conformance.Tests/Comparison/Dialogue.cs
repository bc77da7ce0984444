using System.Collections;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>
/// Asks a broker step by step, and notes what it answers: each field of an answer as one line "step: path = value", with
/// names that the dialogue chose itself instead of those that differ from run to run.
/// </summary>
/// <param name="servers">The broker.</param>
/// <param name="unanswered">Steps that it is known not to answer: they are not waited for long.</param>
internal sealed class Dialogue(string servers, IReadOnlySet<string>? unanswered = null) : IDisposable
{
    /// <summary>What differs between any two brokers, or two runs: addresses, disks, the wording of messages.</summary>
    private static readonly HashSet<string> Untold = new(StringComparer.Ordinal)
    {
        "throttleTimeMs",
        "errorMessage",
        "batchIndexErrorMessage",
        "documentation",
        "host",
        "port",
        "clientHost",
        "clusterId",
        "logDir",
        "partitionSize",
        "totalBytes",
        "usableBytes",
    };

    private static readonly HashSet<string> Identities = new(StringComparer.Ordinal)
    {
        "name",
        "topic",
        "groupId",
        "key",
        "index",
        "partition",
        "partitionIndex",
        "resourceName",
    };

    /// <summary>What is noted where nothing comes.</summary>
    public const string NoAnswer = "none";

    /// <summary>Longer than any wait that a scenario asks for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan NoPatience = TimeSpan.FromSeconds(1);

    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private readonly List<(string Real, string Told)> _names = [];
    private readonly List<string> _answers = [];
    private readonly List<long> _producers = [];
    private WireClient? _client;

    /// <summary>What has been answered so far.</summary>
    public IReadOnlyList<string> Answers => _answers;

    /// <summary>A name that nothing else has, which the answers show as the short one.</summary>
    public string Unique(string name) => Called($"{name}-{_run}", name);

    /// <summary>From now on the answers show <paramref name="real"/> as <paramref name="told"/>.</summary>
    public string Called(string real, string told)
    {
        _names.Insert(0, (real, told));
        return real;
    }

    public Dialogue Another()
    {
        var other = new Dialogue(servers);
        other._names.AddRange(_names);
        return other;
    }

    /// <summary>The connection that is asked over.</summary>
    public async Task<WireClient> ClientAsync() => _client ??= await WireClient.ConnectAsync(servers);

    /// <summary>Asks and notes the answer; "closed" when the connection is closed instead, "none" without any.</summary>
    /// <returns>The answer; empty when the connection was closed.</returns>
    public async Task<Fields> AskAsync(string step, string api, short version, Fields request)
    {
        var patience = unanswered?.Contains(step) is true ? NoPatience : Patience;
        try
        {
            var answer = await SendAsync(api, version, request).WaitAsync(patience);
            Note(step, answer ?? (object)"closed");
            return answer ?? [];
        }
        catch (TimeoutException)
        {
            Disconnect();
            Note(step, NoAnswer);
            return [];
        }
    }

    /// <summary>Asks as often as the broker says that it is not ready yet, and notes the answer after that.</summary>
    public async Task<Fields> AskSettledAsync(string step, string api, short version, Fields request)
    {
        var answer = await (await ClientAsync()).SettledAsync(api, version, request);
        Note(step, answer);
        return answer;
    }

    /// <summary>Asks without noting the answer.</summary>
    /// <returns>Null when the connection was closed.</returns>
    public async Task<Fields?> SendAsync(string api, short version, Fields request)
    {
        var client = await ClientAsync();
        try
        {
            return await client.SendAsync(api, version, request);
        }
        catch (IOException)
        {
            // Only its own connection: whoever waits no longer may have gone on with another.
            client.Dispose();
            if (_client == client)
                _client = null;
            return null;
        }
    }

    /// <summary>Sends bytes on a connection of their own, and notes the answer's first two bytes after its correlation id.</summary>
    public async Task SendFrameAsync(string step, byte[] frame)
    {
        using var client = await WireClient.ConnectAsync(servers);
        try
        {
            await client.SendFrameAsync(frame);
            var answer = await client.ReceiveFrameAsync();
            Note(step, $"answered 0x{Convert.ToHexString(answer.AsSpan(4, Math.Min(2, answer.Length - 4)))}");
        }
        catch (IOException)
        {
            Note(step, "closed");
        }
    }

    public void Note(string step, object? answer) => Note($"{step}: ", "", answer);

    public void Disconnect()
    {
        _client?.Dispose();
        _client = null;
    }

    public void Dispose() => Disconnect();

    private void Note(string step, string path, object? value)
    {
        switch (value)
        {
            case Fields fields:
                foreach (var (name, inner) in fields.Where(field => !Untold.Contains(field.Key)))
                    Note(step, path.Length == 0 ? name : $"{path}.{name}", ToldBy(name, inner));
                break;
            case IList list and not byte[]:
                _answers.Add($"{step}{path}.count = {list.Count}");
                var items = list.Cast<object?>().OrderBy(Identity, StringComparer.Ordinal).ToList();
                for (var index = 0; index < items.Count; index++)
                    Note(step, $"{path}[{index}]", items[index]);
                break;
            default:
                _answers.Add($"{step}{(path.Length == 0 ? "answer" : path)} = {Told(value)}");
                break;
        }
    }

    /// <summary>Producers are numbered as they appear.</summary>
    private object? ToldBy(string name, object? value)
    {
        if (name != "producerId" || value is not long id || id < 0)
            return value;
        if (!_producers.Contains(id))
            _producers.Add(id);
        return $"producer {_producers.IndexOf(id) + 1}";
    }

    /// <summary>Lists come in any order, so what is listed is told in the order of its names or numbers.</summary>
    private string Identity(object? item) =>
        item is Fields fields && fields.Keys.FirstOrDefault(Identities.Contains) is { } name ? Told(fields[name]) : "";

    private string Told(object? value)
    {
        var text = value switch
        {
            null => "null",
            byte[] bytes => bytes.Length <= 16 ? $"0x{Convert.ToHexString(bytes)}" : $"{bytes.Length} bytes",
            Guid id => id == Guid.Empty ? "no id" : "an id",
            bool yes => yes ? "true" : "false",
            string { Length: 0 } => "empty",
            _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"),
        };
        foreach (var (real, told) in _names)
            text = text.Replace(real, told, StringComparison.Ordinal);
        return text.ReplaceLineEndings(" ");
    }
}
