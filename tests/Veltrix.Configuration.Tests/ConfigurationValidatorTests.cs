namespace Veltrix.Configuration.Tests;

public sealed class ConfigurationValidatorTests
{
    private static readonly PlatformConfiguration Valid = PlatformConfiguration.Default;

    // A node may be so long without a poll in good order: a full batch, a rebalance, a commit.
    [Theory]
    [InlineData(9_999, false)]
    [InlineData(10_000, true)]
    public void Validate_PollInterval_IsLongerThanANodeNeeds(int milliseconds, bool isValid)
    {
        var consumer = new ConsumerConfiguration(
            SessionTimeoutMilliseconds: 6_000,
            MaximumPollIntervalMilliseconds: milliseconds
        );

        var errors = ConfigurationValidator.Validate(
            Valid with
            {
                Processor = Valid.Processor with { Consumer = consumer },
            }
        );

        errors.Count.ShouldBe(isValid ? 0 : 1);
    }

    [Fact]
    public void Validate_Default_HasNoErrors() => ConfigurationValidator.Validate(Valid).ShouldBeEmpty();

    [Fact]
    public void Validate_SeveralErrors_ReturnsAllAtOnce()
    {
        var errors = ConfigurationValidator.Validate(
            Valid with
            {
                Processor = Valid.Processor with { Workers = 0, MaximumBatchEvents = 0 },
                Workflows = new WorkflowConfiguration(0),
                EventTypes = [new EventTypeConfiguration("com.example.*", "nowhere")],
            }
        );

        errors
            .Select(error => error.Path)
            .ShouldBe([
                "$.eventTypes[0].topic",
                "$.processor.workers",
                "$.processor.maximumBatchEvents",
                "$.workflows.huntTimeoutMinutes",
            ]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Validate_Workers_ObeysBothBounds(int workers, bool accepted)
    {
        var errors = ConfigurationValidator.Validate(
            Valid with
            {
                Processor = Valid.Processor with { Workers = workers },
            }
        );

        errors.Count.ShouldBe(accepted ? 0 : 1);
        errors.ShouldAllBe(error => error.Path == "$.processor.workers" && error.Allowed == "1 to 256");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    [InlineData("line\n")]
    [InlineData("__consumer_offsets")]
    public void Validate_TopicNameThatKafkaRefuses_IsAnError(string name) =>
        WithTopics(name).ShouldHaveSingleItem().Path.ShouldBe("$.clusters[0].topics[0].name");

    [Fact]
    public void Validate_TopicNameOf249Characters_IsTheLongest()
    {
        WithTopics(new string('t', 249)).ShouldBeEmpty();
        WithTopics(new string('t', 250)).ShouldHaveSingleItem().Allowed.ShouldNotBeNull().ShouldContain("249");
    }

    [Fact]
    public void Validate_SameTopicOnTwoClusters_IsAnErrorAtTheSecond()
    {
        var errors = ConfigurationValidator.Validate(
            Valid with
            {
                Clusters = [.. Valid.Clusters, new ClusterConfiguration("other", [new TopicConfiguration("hunts", 1)])],
            }
        );

        errors.ShouldHaveSingleItem().Path.ShouldBe("$.clusters[1].topics[0].name");
    }

    [Fact]
    public void Validate_TopicsThatDifferInDotAndUnderscoreOnly_Collide() =>
        WithTopics("a.b", "a_b").ShouldHaveSingleItem().Path.ShouldBe("$.clusters[0].topics[1].name");

    [Fact]
    public void Validate_NoCluster_NamesEveryDanglingTopic()
    {
        var errors = ConfigurationValidator.Validate(Valid with { Clusters = [] });

        errors.Count(error => error.Path.EndsWith(".topic", StringComparison.Ordinal)).ShouldBe(Valid.EventTypes.Count);
        errors.ShouldContain(error => error.Path == "$.clusters");
    }

    [Fact]
    public void Validate_DanglingTopic_ListsTheTopicsThatExist() =>
        WithTypes(new EventTypeConfiguration("com.example.thing", "hunt"))
            .ShouldHaveSingleItem()
            .Allowed.ShouldBe("github, hunts, players");

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData(".*")]
    [InlineData("com.*.thing")]
    [InlineData("com.example*")]
    [InlineData("com.example..*")]
    [InlineData("com example")]
    [InlineData("com.example\u0000")]
    public void Validate_TypeThatIsNeitherNameNorPrefix_IsAnError(string type) =>
        WithTypes(new EventTypeConfiguration(type, "hunts"))
            .ShouldContain(error => error.Path == "$.eventTypes[0].type" && error.Allowed != null);

    [Fact]
    public void Validate_DuplicateType_IsAnErrorAtTheSecond() =>
        WithTypes(new EventTypeConfiguration("com.a", "hunts"), new EventTypeConfiguration("com.a", "players"))
            .ShouldHaveSingleItem()
            .Path.ShouldBe("$.eventTypes[1].type");

    [Fact]
    public void Validate_TypeBehindItsPrefix_IsNeverReached() =>
        WithTypes(new EventTypeConfiguration("com.a.*", "hunts"), new EventTypeConfiguration("com.a.b", "players"))
            .ShouldHaveSingleItem()
            .Message.ShouldContain("never reached");

    [Fact]
    public void Validate_TypeBeforeItsPrefix_IsFine() =>
        WithTypes(new EventTypeConfiguration("com.a.b", "players"), new EventTypeConfiguration("com.a.*", "hunts"))
            .ShouldBeEmpty();

    [Fact]
    public void Validate_EventLargerThanBodyOrBatch_IsAnError()
    {
        var errors = ConfigurationValidator.Validate(
            Valid with
            {
                Ingest = Valid.Ingest with { MaximumBodyBytes = 100_000, MaximumEventBytes = 200_000 },
                Processor = Valid.Processor with { MaximumBatchBytes = 150_000 },
            }
        );

        errors.Select(error => error.Path).ShouldBe(["$.ingest.maximumEventBytes", "$.processor.maximumBatchBytes"]);
    }

    [Fact]
    public void Validate_ValuesThatContradictEachOther_AreErrors()
    {
        var errors = ConfigurationValidator.Validate(
            Valid with
            {
                EventTypes = [new EventTypeConfiguration("com.a", "hunts", MaximumBytes: 600_000)],
                Processor = Valid.Processor with { Retry = new RetryConfiguration(200, 100) },
                Traffic = new TrafficConfiguration(AverageEventBytes: 2_000, LargestEventBytes: 1_000),
            }
        );

        errors
            .Select(error => error.Path)
            .ShouldBe([
                "$.eventTypes[0].maximumBytes",
                "$.processor.retry.longestMilliseconds",
                "$.traffic.largestEventBytes",
            ]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    public void Validate_ReplicationFactor_IsAtLeastOneOrLeftToTheBroker(int copies, bool accepted) =>
        ConfigurationValidator
            .Validate(
                Valid with
                {
                    Clusters =
                    [
                        new ClusterConfiguration(
                            "kafka",
                            [.. Valid.Clusters[0].Topics.Select(topic => topic with { ReplicationFactor = copies })]
                        ),
                    ],
                }
            )
            .Count.ShouldBe(accepted ? 0 : Valid.Clusters[0].Topics.Count);

    private static IReadOnlyList<ConfigurationError> WithTypes(params EventTypeConfiguration[] types) =>
        ConfigurationValidator.Validate(Valid with { EventTypes = types });

    private static IReadOnlyList<ConfigurationError> WithTopics(params string[] names) =>
        ConfigurationValidator.Validate(
            Valid with
            {
                Clusters =
                [
                    new ClusterConfiguration("kafka", [.. names.Select(name => new TopicConfiguration(name, 1))]),
                ],
                EventTypes = [new EventTypeConfiguration("com.example.thing", names[0])],
            }
        );
}
