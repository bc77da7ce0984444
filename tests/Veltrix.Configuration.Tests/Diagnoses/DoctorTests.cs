using System.Text.Json;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

public sealed class DoctorTests
{
    [Fact]
    public void Examine_Default_HasNoErrorAndNoWarning() =>
        Doctor
            .Examine(PlatformConfiguration.Default)
            .Findings.ShouldAllBe(finding => finding.Severity == Severity.Advice);

    [Fact]
    public void Examine_WithoutTopology_SaysSo() =>
        Doctor.Examine(PlatformConfiguration.Default).Findings.ShouldContain(finding => finding.Code == "DOC-801");

    // Copies are only taken when a topic is created: what the document says about one that exists is no fact.
    [Fact]
    public void Examine_TopicThatExists_IsJudgedByTheCopiesThatAreThere()
    {
        var configuration = WithTopic(new TopicConfiguration("hunts", 6, ReplicationFactor: 3));
        var there = new TopicTopology("hunts", 6, ReplicationFactor: 1);

        Found(configuration, there).Select(finding => (finding.Code, finding.Fix)).ShouldBe([("DOC-107", null)]);
    }

    // A topic without a route gets no events, however long it would keep them.
    [Fact]
    public void Examine_UnroutedTopicThatKeepsRecordsLong_NeedsNoDisk() =>
        Doctor
            .Examine(
                PlatformConfiguration.Default with
                {
                    Clusters =
                    [
                        new(
                            "kafka",
                            [
                                .. PlatformConfiguration.Default.Clusters[0].Topics,
                                new TopicConfiguration("archive", 6, RetentionHours: 87_600),
                            ]
                        ),
                    ],
                }
            )
            .Findings.ShouldNotContain(finding => finding.Code == "DOC-306");

    // These settings it is given when the version is in force.
    [Fact]
    public void Examine_TopicThatExists_IsJudgedByTheSettingsThatItIsGiven()
    {
        var there = new TopicTopology("hunts", 6, ReplicationFactor: 3, MinimumInsyncReplicas: 1);

        Found(WithTopic(new TopicConfiguration("hunts", 6, 3, MinimumInsyncReplicas: 2)), there).ShouldBeEmpty();
        var findings = Found(WithTopic(new TopicConfiguration("hunts", 6, 3, RetentionHours: 1)), there);

        findings
            .Select(finding => (finding.Code, finding.Severity))
            .ShouldBe([("DOC-105", Severity.Error), ("DOC-104", Severity.Error)], ignoreOrder: true);
        findings.ShouldAllBe(finding => finding.Fix != null);
    }

    private static IReadOnlyList<Finding> Found(PlatformConfiguration configuration, TopicTopology there) =>
        [
            .. Doctor
                .Examine(configuration, topology: new Topology(3, [there]))
                .Findings.Where(finding => finding.Severity < Severity.Advice),
        ];

    [Fact]
    public void Examine_TopicThatExistsAsItShould_HasNoFinding() =>
        Doctor
            .Examine(
                WithTopic(new TopicConfiguration("hunts", 6)),
                topology: new Topology(3, [new TopicTopology("hunts", 6, 3, 2)])
            )
            .Findings.ShouldBeEmpty();

    [Fact]
    public void Examine_SeveralMistakes_ReportsAllWithErrorsFirst()
    {
        var configuration = PlatformConfiguration.Default with
        {
            Ingest = new(Producer: new(ProducerAcks.None, EnableIdempotence: false)),
            Processor = new(Workers: 200, Consumer: new(EnableAutoCommit: true)),
        };

        var diagnosis = Doctor.Examine(configuration);

        diagnosis.IsRefused.ShouldBeTrue();
        diagnosis
            .Findings.Where(finding => finding.Severity < Severity.Advice)
            .Select(finding => finding.Code)
            .ShouldBe(["DOC-101", "DOC-102", "DOC-202", "DOC-305"]);
    }

    [Fact]
    public void Examine_TrafficAndMachine_ReplaceTheDocuments()
    {
        var traffic = new TrafficConfiguration(EventsPerSecond: 1_000_000);
        var machine = new LimitsConfiguration(FileDescriptors: 64);

        Doctor.Examine(PlatformConfiguration.Default, traffic: traffic).IsRefused.ShouldBeTrue();
        Doctor
            .Examine(PlatformConfiguration.Default, machine: machine)
            .Findings.ShouldContain(finding => finding.Code == "DOC-301");
    }

    [Fact]
    public void Examine_SameQuestion_HasTheSameAnswer() =>
        Json(Doctor.Examine(Broken())).ShouldBe(Json(Doctor.Examine(Broken())));

    [Fact]
    public void Repair_BrokenConfiguration_LeavesNoErrorAndNoWarning() =>
        Doctor.Examine(Doctor.Repair(Broken())).Findings.ShouldAllBe(finding => finding.Severity == Severity.Advice);

    // One copy in sync would cure the one finding and make another, so that nothing was repaired.
    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    [InlineData(3)]
    public void Repair_MoreCopiesInSyncThanThereAre_LeavesNoError(int? brokers)
    {
        var broken = WithTopic(new TopicConfiguration("hunts", 6, ReplicationFactor: 2, MinimumInsyncReplicas: 3));
        var topology = brokers is { } number ? new Topology(number, []) : null;

        var repaired = Doctor.Repair(broken, topology: topology);

        Doctor.Examine(repaired, topology: topology).Of(Severity.Error).ShouldBeEmpty();
        repaired.Clusters[0].Topics[0].MinimumInsyncReplicas.ShouldBe(2);
    }

    [Fact]
    public void Repair_Default_ChangesNothing() =>
        Doctor.Repair(PlatformConfiguration.Default).ShouldBe(PlatformConfiguration.Default);

    private static PlatformConfiguration Broken() =>
        PlatformConfiguration.Default with
        {
            Ingest = new(
                Producer: new(ProducerAcks.Leader, EnableIdempotence: false, RequestTimeoutMilliseconds: 60_000)
            ),
            Processor = new(
                Workers: 1,
                MaximumBatchEvents: 1,
                HandlerTimeoutMilliseconds: 600_000,
                Consumer: new(EnableAutoCommit: true, AutoOffsetReset: OffsetReset.Latest)
            ),
            Traffic = new(EventsPerSecond: 700),
            Limits = new(DiskBytes: 100_000_000_000, FileDescriptors: 2_000),
        };

    private static PlatformConfiguration WithTopic(TopicConfiguration topic) =>
        PlatformConfiguration.Default with
        {
            Clusters = [new ClusterConfiguration("kafka", [topic])],
            EventTypes = [new EventTypeConfiguration("com.veltrix.*", topic.Name)],
        };

    private static string Json(Diagnosis diagnosis) =>
        JsonSerializer.Serialize(diagnosis, ConfigurationJson.Default.Diagnosis);
}
