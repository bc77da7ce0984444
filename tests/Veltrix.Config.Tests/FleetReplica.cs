using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Config.Nodes;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>One replica with a clock of its own, which tells and learns of nodes, and writes minutes, only when the test says so.</summary>
internal sealed class FleetReplica : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Fleet:ShareInterval"] = "1.00:00:00",
        ["Fleet:WriteInterval"] = "1.00:00:00",
    };

    private readonly Replica _replica;

    private FleetReplica(Replica replica, ManualTime time)
    {
        _replica = replica;
        Time = time;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ManualTime Time { get; }

    public Replica Replica => _replica;

    public static async Task<FleetReplica> StartAsync(Database database, params (string Name, string Value)[] settings)
    {
        var time = new ManualTime();
        var all = new Dictionary<string, string>(Settings);
        foreach (var (name, value) in settings)
            all[name] = value;
        var replica = await Replica.StartReadyAsync(database, all, time);
        var fleet = new FleetReplica(replica, time);
        await fleet.StepAsync();
        return fleet;
    }

    /// <summary>Tells and learns once.</summary>
    public Task StepAsync() => _replica.Services.GetRequiredService<FleetShare>().StepAsync(Cancellation);

    public Task WriteMinutesAsync() => _replica.Services.GetRequiredService<MinuteWriter>().WriteAsync(Cancellation);

    public Task TidyMinutesAsync() => _replica.Services.GetRequiredService<MinuteWriter>().TidyAsync(Cancellation);

    public async Task ReportAsync(NodeReport report)
    {
        using var client = _replica.As(Roles.Node);
        using var response = await client.PostAsJsonAsync(
            "/nodes/report",
            report,
            ConfigurationJson.Default.NodeReport,
            Cancellation
        );
        response.EnsureSuccessStatusCode();
    }

    public Task<IReadOnlyList<FleetNode>> FleetAsync() =>
        GetAsync("/fleet", ConfigurationJson.Default.IReadOnlyListFleetNode);

    public Task<IReadOnlyList<NodeMinute>> HistoryAsync(string node, string query = "") =>
        GetAsync($"/fleet/{node}/history{query}", ConfigurationJson.Default.IReadOnlyListNodeMinute);

    public async Task<T> GetAsync<T>(string address, JsonTypeInfo<T> type)
    {
        using var client = _replica.As(Roles.Operator);
        return (await client.GetFromJsonAsync(address, type, Cancellation))!;
    }

    public async Task<HttpResponseMessage> GetAsync(string address)
    {
        using var client = _replica.As(Roles.Operator);
        return await client.GetAsync(address, Cancellation);
    }

    public ValueTask DisposeAsync() => _replica.DisposeAsync();
}
