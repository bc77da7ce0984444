using System.Net;
using System.Net.Http.Json;
using System.Text;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

public sealed class PublishTests(SharedReplica shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_ValidDocument_MakesTheNextVersion()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);

        using var response = await replica.PublishAsync(workers: 5, reason: "  More workers for the evening  ");
        var version = await response.VersionAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.Location.ShouldNotBeNull().ToString().ShouldBe("/configuration/versions/2");
        response.Headers.ETag.ShouldNotBeNull().Tag.ShouldBe("\"2\"");
        version.Number.ShouldBe(2);
        version.Parent.ShouldBe(1);
        version.Author.ShouldBe(Roles.Operator);
        version.Reason.ShouldBe("More workers for the evening");
        version.Hash.ShouldBe(CanonicalJson.Hash(Replica.WithWorkers(5)));

        using var client = replica.As(Roles.Operator);
        using var read = await client.GetAsync(response.Headers.Location, Cancellation);
        (await read.Content.ReadAsStringAsync(Cancellation)).ShouldBe(
            await response.Content.ReadAsStringAsync(Cancellation)
        );
    }

    [Fact]
    public async Task Publish_SameDocumentAgain_IsStillANewVersion()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);

        var first = await replica.MustPublishAsync(workers: 3);
        var second = await replica.MustPublishAsync(workers: 3);

        second.Number.ShouldBe(first.Number + 1);
        second.Hash.ShouldBe(first.Hash);
    }

    [Fact]
    public async Task Publish_ManyAtOnceOnTwoReplicas_NumbersHaveNoGapsAndOneParentEach()
    {
        const int Publications = 40;
        await using var database = await Database.NewAsync();
        await using var left = await Replica.StartReadyAsync(database);
        await using var right = await Replica.StartReadyAsync(database);

        var versions = await Task.WhenAll(
            Enumerable
                .Range(1, Publications)
                .Select(workers => (workers % 2 == 0 ? left : right).MustPublishAsync(workers))
        );

        versions.Select(version => version.Number).Order().ShouldBe(Enumerable.Range(2, Publications));
        versions.ShouldAllBe(version => version.Parent == version.Number - 1);
        (await left.Current.WaitBeyondAsync(Publications, Cancellation)).Number.ShouldBe(Publications + 1);
        (await right.Current.WaitBeyondAsync(Publications, Cancellation)).Number.ShouldBe(Publications + 1);
    }

    [Theory]
    [InlineData("\"1\"", HttpStatusCode.Created)]
    [InlineData("\"7\", \"1\"", HttpStatusCode.Created)]
    [InlineData("*", HttpStatusCode.Created)]
    [InlineData("\"2\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"01\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("1", HttpStatusCode.BadRequest)]
    public async Task Publish_WithIfMatch_OnlyFollowsTheVersionItNames(string ifMatch, HttpStatusCode expected)
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);

        using var response = await replica.PublishAsync(workers: 3, ifMatch);

        response.StatusCode.ShouldBe(expected);
        if (expected != HttpStatusCode.Created)
            (await response.CodeAsync()).ShouldBe(
                expected == HttpStatusCode.PreconditionFailed ? "VX-2002" : "VX-2006"
            );
    }

    // What nobody looked at must not be overwritten by accident.
    [Theory]
    [InlineData("/configuration/versions")]
    [InlineData("/configuration/versions/1/rollback?reason=r")]
    public async Task Publish_WithoutSayingWhatItFollows_IsRefused(string address)
    {
        using var client = shared.Replica.As(Roles.Operator);

        await client
            .PostAsJsonAsync(
                address,
                new Publication("Test", PlatformConfiguration.Default),
                ConfigurationJson.Default.Publication,
                Cancellation
            )
            .ShouldBeRefusedAsync(428, "VX-2035");
    }

    [Fact]
    public async Task Publish_ManyAtOnceFromTheSameVersion_OneWins()
    {
        await using var database = await Database.NewAsync();
        await using var left = await Replica.StartReadyAsync(database);
        await using var right = await Replica.StartReadyAsync(database);

        var responses = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(workers => (workers % 2 == 0 ? left : right).PublishAsync(workers, "\"1\""))
        );

        responses.Count(response => response.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(9);
    }

    [Theory]
    [InlineData("", 400, "VX-2006")]
    [InlineData("{", 400, "VX-2006")]
    [InlineData("[]", 400, "VX-2006")]
    [InlineData("""{"reason":"r"}""", 400, "VX-2006")]
    [InlineData("""{"reason":"r","configuration":DEFAULT,"author":"me"}""", 400, "VX-2006")]
    [InlineData("""{"reason":"r","reason":"r","configuration":DEFAULT}""", 400, "VX-2006")]
    [InlineData("""{"configuration":DEFAULT}""", 422, "VX-2004")]
    [InlineData("""{"reason":null,"configuration":DEFAULT}""", 422, "VX-2004")]
    [InlineData("""{"reason":"  ","configuration":DEFAULT}""", 422, "VX-2004")]
    [InlineData("""{"reason":"a\u0000b","configuration":DEFAULT}""", 422, "VX-2004")]
    [InlineData("""{"reason":"\ud800","configuration":DEFAULT}""", 422, "VX-2004")]
    [InlineData("""{"reason":"r","configuration":null}""", 422, "VX-2001")]
    [InlineData("""{"reason":"r","configuration":{}}""", 422, "VX-2001")]
    public async Task Publish_UnusableBody_IsRefusedAndStoresNothing(string body, int status, string code)
    {
        using var response = await PostAsync(shared.Replica, body);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.CodeAsync()).ShouldBe(code);
        (await NumbersAsync(shared.Replica, "")).ShouldBe([1]);
    }

    [Theory]
    [InlineData(500, 201)]
    [InlineData(501, 422)]
    public async Task Publish_ReasonAtItsLongest_IsTheLimit(int characters, int status)
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);

        using var response = await replica.PublishAsync(workers: 3, reason: new string('r', characters));

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Publish_InvalidDocument_ListsEveryErrorWithItsPath()
    {
        using var response = await PostAsync(
            shared.Replica,
            """{"reason":"r","configuration":{"clusters":[],"eventTypes":7,"ingest":{},"processor":{"workers":"x"}}}"""
        );

        (await response.ProblemAsync())
            .GetProperty("errors")
            .EnumerateArray()
            .Select(error => error.GetProperty("path").GetString())
            .ShouldBe(["$.eventTypes", "$.processor.workers", "$.workflows"]);
    }

    [Fact]
    public async Task Publish_BodyBeyondTheLimit_Is413()
    {
        using var response = await PostAsync(shared.Replica, $$"""{"reason":"{{new string('r', 1024 * 1024)}}"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.CodeAsync()).ShouldBe("VX-2007");
    }

    [Fact]
    public async Task Publish_StoreIsAway_Is503WithRetryAfterWhileReadsGoOn()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await database.TakeAwayAsync();

        using var refused = await replica.PublishAsync(workers: 3);
        using var client = replica.As(Roles.Operator);
        using var history = await client.GetAsync("/configuration/versions", Cancellation);
        using var current = await client.GetAsync("/configuration", Cancellation);
        using var health = await client.GetAsync("/health", Cancellation);

        foreach (var response in new[] { refused, history })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            response.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull();
            (await response.CodeAsync()).ShouldBe("VX-2005");
        }
        current.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await current.VersionAsync()).Number.ShouldBe(1);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Publish_WhileAnotherReplicaLostItsConnection_ReachesItWhenTheStoreIsBack()
    {
        await using var database = await Database.NewAsync();
        await using var deaf = await Replica.StartReadyAsync(database);
        await database.TakeAwayAsync();
        await database.BringBackAsync();
        await using var other = await Replica.StartReadyAsync(database);

        var published = await other.MustPublishAsync(workers: 9);

        (await deaf.Current.WaitBeyondAsync(1, Cancellation)).Hash.ShouldBe(published.Hash);
    }

    [Fact]
    public async Task History_OfSeveralVersions_IsPagedNewestFirst()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        for (var workers = 1; workers <= 4; workers++)
            await replica.MustPublishAsync(workers);

        (await NumbersAsync(replica, "")).ShouldBe([5, 4, 3, 2, 1]);
        (await NumbersAsync(replica, "?limit=2")).ShouldBe([5, 4]);
        (await NumbersAsync(replica, "?limit=2&before=4")).ShouldBe([3, 2]);
        (await NumbersAsync(replica, "?before=1")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/configuration/versions/99", 404, "VX-2003")]
    [InlineData("/configuration/versions/0", 400, "VX-2006")]
    [InlineData("/configuration/versions/last", 400, "VX-2006")]
    [InlineData("/configuration/versions?limit=0", 400, "VX-2006")]
    [InlineData("/configuration/versions?limit=201", 400, "VX-2006")]
    [InlineData("/configuration/versions?before=x", 400, "VX-2006")]
    [InlineData("/configuration/watch?from=-1", 400, "VX-2006")]
    [InlineData("/configuration/versions/99/document", 404, "VX-2003")]
    [InlineData("/configuration/versions/x/document", 400, "VX-2006")]
    [InlineData("/configuration/diff", 400, "VX-2006")]
    [InlineData("/configuration/diff?from=0", 400, "VX-2006")]
    [InlineData("/configuration/diff?from=1&to=x", 400, "VX-2006")]
    [InlineData("/configuration/diff?from=99", 404, "VX-2003")]
    [InlineData("/configuration/diff?from=1&to=99", 404, "VX-2003")]
    [InlineData("/configuration/audit?limit=0", 400, "VX-2006")]
    [InlineData("/configuration/audit?before=x", 400, "VX-2006")]
    [InlineData("/configuration/proposals?limit=201", 400, "VX-2006")]
    [InlineData("/configuration/proposals/x", 400, "VX-2006")]
    [InlineData("/configuration/proposals/99", 404, "VX-2024")]
    [InlineData("/configuration/proposals/99/diff", 404, "VX-2024")]
    public async Task Get_UnusableNumber_IsAProblemWithACode(string address, int status, string code)
    {
        using var client = shared.Replica.As(Roles.Operator);

        using var response = await client.GetAsync(address, Cancellation);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.CodeAsync()).ShouldBe(code);
    }

    [Fact]
    public async Task Current_WithItsETag_IsNotSentAgain()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = replica.As(Roles.Node);
        client.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", "\"1\"");

        ((int)(await client.GetAsync("/configuration", Cancellation)).StatusCode).ShouldBe(304);
        await replica.MustPublishAsync(workers: 3);
        ((int)(await client.GetAsync("/configuration", Cancellation)).StatusCode).ShouldBe(200);
    }

    private static async Task<HttpResponseMessage> PostAsync(Replica replica, string body)
    {
        var document = System.Text.Json.JsonSerializer.Serialize(
            PlatformConfiguration.Default,
            ConfigurationJson.Default.PlatformConfiguration
        );
        using var client = replica.As(Roles.Operator);
        // A body that is too large is refused before it is read: who sends it nevertheless finds a closed connection.
        client.DefaultRequestHeaders.ExpectContinue = true;
        using var content = new StringContent(
            body.Replace("DEFAULT", document, StringComparison.Ordinal),
            Encoding.UTF8,
            "application/json"
        );
        client.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", "*");
        return await client.PostAsync("/configuration/versions", content, Cancellation);
    }

    private static async Task<IEnumerable<int>> NumbersAsync(Replica replica, string query)
    {
        using var client = replica.As(Roles.Operator);
        var versions = await client.GetFromJsonAsync(
            $"/configuration/versions{query}",
            ConfigurationJson.Default.IReadOnlyListConfigurationVersion,
            Cancellation
        );
        return versions!.Select(version => version.Number);
    }
}
