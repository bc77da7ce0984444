using System.Net.Http.Json;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Npgsql;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class DoctorTests(SharedReplica shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_ConfigurationThatLosesEvents_IsRefusedWithTheFindings()
    {
        using var client = shared.Replica.As(Roles.Operator);
        var lossy = PlatformConfiguration.Default with
        {
            Ingest = new IngestConfiguration(
                Producer: new ProducerConfiguration(ProducerAcks.Leader, EnableIdempotence: false)
            ),
        };

        using var response = await shared.Replica.PublishAsync(lossy, reason: "Faster");

        ((int)response.StatusCode).ShouldBe(422);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("code").GetString().ShouldBe("VX-2030");
        var first = problem.GetProperty("findings")[0];
        first.GetProperty("severity").GetString().ShouldBe("error");
        first.GetProperty("path").GetString().ShouldBe("$.ingest.producer.acks");
        first.GetProperty("fix").GetArrayLength().ShouldBeGreaterThan(0);
        shared.Replica.Current.Value!.Number.ShouldBe(1);
    }

    [Fact]
    public async Task Version_KeepsTheReportThatItWasPublishedWith()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = replica.As(Roles.Operator);
        await replica.MustPublishAsync(workers: 64);

        var diagnosis = await client.GetFromJsonAsync(
            "/configuration/versions/2/diagnosis",
            ConfigurationJson.Default.Diagnosis,
            Cancellation
        );

        diagnosis!.Findings.ShouldContain(finding => finding.Path == "$.processor.workers");
        diagnosis.IsRefused.ShouldBeFalse();
        using var unknown = await client.GetAsync("/configuration/versions/9/diagnosis", Cancellation);
        ((int)unknown.StatusCode).ShouldBe(404);
    }

    // Processors say what they handle: who adds a type starts its handler first.
    [Fact]
    public async Task Publish_TypeThatNoRunningProcessorHandles_IsRefused()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string> { ["ConnectionStrings:kafka"] = await Servers.KafkaAsync() }
        );
        using var client = replica.As(Roles.Operator);
        var before = PlatformConfiguration.Default;
        var orders = before with
        {
            Clusters = [new("kafka", [.. before.Clusters[0].Topics, new("orders", 6)])],
            EventTypes = [.. before.EventTypes, new("com.example.order.*", "orders")],
        };
        await DiagnosisOfTheBrokersAsync(client);

        await ReportAsync(replica, "processor-a", [.. before.EventTypes.Select(type => type.Type)]);
        using var refused = await replica.PublishAsync(orders, reason: "Orders");
        await ReportAsync(replica, "processor-b", ["com.example.order.placed"]);
        using var taken = await replica.PublishAsync(orders, reason: "Orders");

        ((int)refused.StatusCode).ShouldBe(422);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var finding = problem.GetProperty("findings")[0];
        finding.GetProperty("code").GetString().ShouldBe("DOC-602");
        finding.GetProperty("path").GetString().ShouldBe("$.eventTypes[6].type");
        taken.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Proposal_WithWarningsFromItsBeginning_IsCoveredByItsReason()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        (await client.ProposeAsync(OperatorClient.Json(WithAnOrphan))).Dispose();

        await client.MustAsync("proposals/1/approve");
        await client.MustAsync("proposals/1/publish");
    }

    [Fact]
    public async Task Proposal_WithAWarningThatIsNew_NeedsAReasonThatCanCoverIt()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        (await client.ProposeAsync(OperatorClient.Json(WithAnOrphan))).Dispose();
        await ForgetWarningsAsync(database);

        await client.PostAsync("proposals/1/approve").ShouldBeRefusedAsync(422, "VX-2034");
        using (var refused = await client.PostAsync("proposals/1/publish"))
        {
            ((int)refused.StatusCode).ShouldBe(422);
            var problem = await refused.ProblemAsync();
            problem.GetProperty("code").GetString().ShouldBe("VX-2034");
            problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("orphan");
            problem.GetProperty("findings").GetArrayLength().ShouldBe(1);
        }

        // Whoever approves with a reason has seen it; whoever publishes then need not say more.
        await client.MustAsync("proposals/1/approve?reason=It+comes+with+the+next+release");
        await client.MustAsync("proposals/1/publish");
    }

    [Fact]
    public async Task Publish_WithAReasonOfItsOwn_CoversNewWarnings()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        (await client.ProposeAsync(OperatorClient.Json(WithAnOrphan))).Dispose();
        await ForgetWarningsAsync(database);

        await client.MustAsync("proposals/1/publish?reason=It+comes+with+the+next+release");
    }

    /// <summary>A topic that no event type goes to: a warning, no more.</summary>
    private static PlatformConfiguration WithAnOrphan =>
        PlatformConfiguration.Default with
        {
            Clusters = [new("kafka", [.. PlatformConfiguration.Default.Clusters[0].Topics, new("orphan", 6)])],
        };

    /// <summary>As if what the doctor warns of now had come up since.</summary>
    private static async Task ForgetWarningsAsync(Database database)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand("update proposals set warnings = '{}'", connection);
        (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Diagnosis_WithARunningBroker_LooksAtItsTopics()
    {
        var kafka = await Servers.KafkaAsync();
        var topic = $"doctor-{Guid.NewGuid():N}";
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build())
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 5 }]);
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string> { ["ConnectionStrings:kafka"] = kafka }
        );
        using var client = replica.As(Roles.Operator);
        await DiagnosisOfTheBrokersAsync(client);

        var other = PlatformConfiguration.Default with
        {
            Clusters = [new("kafka", [.. PlatformConfiguration.Default.Clusters[0].Topics, new(topic, 7)])],
            EventTypes = [.. PlatformConfiguration.Default.EventTypes, new("com.example.doctor", topic)],
        };
        using var response = await replica.PublishAsync(other, reason: "A topic that is there with other partitions");

        response.EnsureSuccessStatusCode();
        var report = await client.GetFromJsonAsync(
            "/configuration/versions/2/diagnosis",
            ConfigurationJson.Default.Diagnosis,
            Cancellation
        );
        report!.Findings.ShouldContain(finding => finding.Code == "DOC-205");
    }

    /// <summary>What the doctor says of the version in force as soon as it has looked at the brokers.</summary>
    private static async Task<Diagnosis> DiagnosisOfTheBrokersAsync(HttpClient client)
    {
        var now = await Eventually.AnswersAsync(
            () =>
                client.GetFromJsonAsync("/configuration/diagnosis", ConfigurationJson.Default.Diagnosis, Cancellation),
            diagnosis => diagnosis!.Findings.All(finding => finding.Code != "DOC-801"),
            TimeSpan.FromSeconds(30)
        );
        return now!;
    }

    private static async Task ReportAsync(Replica replica, string name, string[] handledTypes)
    {
        using var node = replica.As(Roles.Node);
        var report = new NodeReport(name, "processor", 1, null, default, default, 0, 0, 0, 0, null, null, null)
        {
            HandledTypes = handledTypes,
        };
        using var answer = await node.PostAsJsonAsync(
            "/nodes/report",
            report,
            ConfigurationJson.Default.NodeReport,
            Cancellation
        );
        answer.EnsureSuccessStatusCode();
    }
}
