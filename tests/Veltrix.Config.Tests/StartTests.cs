using System.Net.Http.Json;
using Npgsql;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

public sealed class StartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EmptyServer_PublishesTheSafeDefaults()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);

        var version = replica.Current.Value.ShouldNotBeNull();

        version.Number.ShouldBe(1);
        version.Parent.ShouldBeNull();
        version.Author.ShouldBe("veltrix");
        version.Reason.ShouldBe("Safe defaults");
        version.Hash.ShouldBe(CanonicalJson.Hash(PlatformConfiguration.Default));
        CanonicalJson.Hash(version.Configuration).ShouldBe(version.Hash);
    }

    [Fact]
    public async Task Start_TwoReplicasAtOnceOnAnEmptyServer_AgreeOnOneFirstVersion()
    {
        await using var database = await Database.NewAsync();

        var replicas = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => Task.Run(() => Replica.StartReadyAsync(database), Cancellation))
        );

        replicas[0].Current.Value!.PublishedAt.ShouldBe(replicas[1].Current.Value!.PublishedAt);
        (await CountAsync(database)).ShouldBe(1);
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task Start_AfterARestart_ServesWhatWasPublished()
    {
        await using var database = await Database.NewAsync();
        ConfigurationVersion published;
        await using (var before = await Replica.StartReadyAsync(database))
            published = await before.MustPublishAsync(workers: 7);

        await using var after = await Replica.StartReadyAsync(database);

        using var client = after.As(Roles.Node);
        using var response = await client.GetAsync("/configuration", Cancellation);
        var served = await response.VersionAsync();
        (served with { Configuration = published.Configuration }).ShouldBe(published);
        served.Configuration.Processor.Workers.ShouldBe(7);
    }

    [Fact]
    public async Task Start_StoreIsAway_AnswersNotReadyAndHealsByItself()
    {
        await using var database = await Database.NewAsync();
        await using (await Replica.StartReadyAsync(database)) { }
        await database.TakeAwayAsync();
        await using var replica = Replica.Start(database);
        using var client = replica.As(Roles.Node);

        using var early = await client.GetAsync("/configuration", Cancellation);
        ((int)early.StatusCode).ShouldBe(503);
        early.Headers.RetryAfter.ShouldNotBeNull();
        (await early.CodeAsync()).ShouldBe("VX-9005");
        ((int)(await client.GetAsync("/health", Cancellation)).StatusCode).ShouldBe(503);

        await database.BringBackAsync();
        (await replica.Current.WaitBeyondAsync(0, Cancellation)).Number.ShouldBe(1);
        ((int)(await client.GetAsync("/configuration", Cancellation)).StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("update configuration_versions set reason = 'other'")]
    [InlineData("update configuration_versions set number = 2")]
    [InlineData("delete from configuration_versions")]
    [InlineData("delete from configuration_versions where number = 99")]
    [InlineData("truncate configuration_versions cascade")]
    [InlineData("update audit set actor = 'somebody'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    public async Task Store_AnyChangeOfAVersionOrTheAudit_IsRefused(string statement)
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);

        var refusal = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        refusal.MessageText.ShouldContain("append-only");
        (await CountAsync(database)).ShouldBe(1);
    }

    [Fact]
    public async Task OpenApi_WithKey_DescribesEveryEndpoint()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = replica.As(Roles.Operator);

        var description = await client.GetFromJsonAsync<System.Text.Json.JsonElement>("/openapi/v1.json", Cancellation);

        var paths = description.GetProperty("paths").EnumerateObject().Select(path => path.Name);
        new[]
        {
            "/configuration",
            "/configuration/versions",
            "/configuration/versions/{number}",
            "/configuration/versions/{number}/document",
            "/configuration/versions/{number}/rollback",
            "/configuration/diff",
            "/configuration/verify",
            "/configuration/audit",
            "/configuration/policy",
            "/configuration/freeze",
            "/configuration/unfreeze",
            "/configuration/four-eyes",
            "/configuration/pins",
            "/configuration/proposals",
            "/configuration/proposals/{number}",
            "/configuration/proposals/{number}/diff",
            "/configuration/proposals/{number}/validate",
            "/configuration/proposals/{number}/approve",
            "/configuration/proposals/{number}/publish",
            "/configuration/proposals/{number}/withdraw",
            "/configuration/watch",
            "/nodes",
            "/nodes/report",
        }.ShouldBeSubsetOf(paths);
        foreach (
            var operation in description.GetProperty("paths").EnumerateObject().Where(IsOurs).SelectMany(Operations)
        )
        {
            operation.Value.TryGetProperty("summary", out _).ShouldBeTrue(operation.Value.GetRawText());
            operation.Value.GetProperty("responses").EnumerateObject().Count().ShouldBeGreaterThan(0);
        }

        static bool IsOurs(System.Text.Json.JsonProperty path) => path.Name != "/metrics";

        static IEnumerable<System.Text.Json.JsonProperty> Operations(System.Text.Json.JsonProperty path) =>
            path.Value.EnumerateObject().Where(member => member.Name is "get" or "post" or "delete" or "put");
    }

    private static async Task<long> CountAsync(Database database)
    {
        await using var connection = await database.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from configuration_versions", connection);
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }
}
