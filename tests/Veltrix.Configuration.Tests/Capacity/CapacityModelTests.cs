using Veltrix.Configuration.Capacity;

namespace Veltrix.Configuration.Tests.Capacity;

public sealed class CapacityModelTests
{
    private static readonly PlatformConfiguration Default = PlatformConfiguration.Default;

    // 2 nodes of 2 cores, each as the machine of the measurements: 4,000 single requests/s, 40,000 events/s in batches.
    [Fact]
    public void Stages_OfTheDefault_AreWhatWasMeasured()
    {
        var model = new CapacityModel(Default);

        model.Ingest.EventsPerSecond.ShouldBe(8_000, 1);
        model.IngestBatched.EventsPerSecond.ShouldBe(80_000, 1);
        // 2 x 2,000 / (2.2 ms + 2,000 x 0.02 ms / 2)
        model.Processor.EventsPerSecond.ShouldBe(180_180, 1);
        // 2 / (30 + 1,200 / 2,000 microseconds)
        model.Database.EventsPerSecond.ShouldBe(65_359, 1);
        model.Ingest.Utilisation.ShouldBe(100 / 8_000.0, 1e-9);
        model.Ingest.UtilisationInBurst.ShouldBe(1_000 / 8_000.0, 1e-9);
    }

    [Fact]
    public void First_OfTheDefault_IsIngest() => new CapacityModel(Default).First.Name.ShouldBe("ingest");

    [Fact]
    public void Ingest_EventsPerRequest_ShareTheRequest() =>
        // 2 x 2 / (50 + 450 / 10 microseconds)
        new CapacityModel(Default with { Traffic = new(EventsPerRequest: 10) }).Ingest.EventsPerSecond.ShouldBe(
            42_105,
            1
        );

    [Fact]
    public void Machines_SmallTransactions_AreFull()
    {
        var model = new CapacityModel(
            Default with
            {
                Processor = new(MaximumBatchEvents: 20),
                Traffic = new(EventsPerRequest: 100, AverageEventBytes: 500),
                Limits = new(Machines: 1),
            }
        );

        // 2 / (38 + 370 / 100 + 500 x 0.01 + 4,300 / 20 microseconds)
        model.Machines.EventsPerSecond.ShouldBe(7_642, 1);
        model.First.Name.ShouldBe("machines");
    }

    [Fact]
    public void Machines_LongerSpacing_TakesMore() =>
        Machines(Default with { Processor = new(BatchSpacingMilliseconds: 100) })
            .ShouldBeGreaterThan(Machines(Default));

    [Fact]
    public void Stages_EveryNodeHasItsMachine_HaveNoMachines() =>
        new CapacityModel(Default).Stages.ShouldNotContain(stage => stage.Name == "machines");

    [Fact]
    public void Processor_WorkersBeyondTheCores_AddNothing() =>
        Rate(Default with { Processor = new(Workers: 64) })
            .ShouldBe(Rate(Default with { Processor = new(Workers: 2) }));

    [Fact]
    public void Processor_NodesBeyondThePartitions_AddNothing() =>
        Rate(Default with { Limits = new(ProcessorNodes: 60) })
            .ShouldBe(Rate(Default with { Limits = new(ProcessorNodes: 6) }));

    [Fact]
    public void Processor_BatchOfBytes_IsBoundedByThem()
    {
        // 65,000 bytes hold 100 records of 500 + 150 bytes: 2 x 100 / (2.2 ms + 100 x 0.02 ms / 2).
        var configuration = Default with
        {
            Processor = new(MaximumBatchBytes: 65_000),
        };

        Rate(configuration).ShouldBe(2 * 100 / 0.0032, 1);
    }

    [Fact]
    public void DrainSeconds_AfterABurst_IsBacklogOverSpare()
    {
        // 2 x 5 / (2.2 ms + 5 x 0.02 ms / 2) = 4,444/s; (6,000 - 4,444) x 60 s / (4,444 - 2,000).
        var model = new CapacityModel(
            Default with
            {
                Processor = new(MaximumBatchEvents: 5),
                Traffic = new(EventsPerSecond: 2_000, BurstFactor: 3, BurstSeconds: 60, HottestKeyShare: 0),
            }
        );

        model.BacklogAfterBurst.ShouldBe(93_333, 1);
        model.DrainSeconds.ShouldBe(38.18, 0.01);
    }

    [Fact]
    public void DrainSeconds_MeanAboveTheCapacity_NeverEnds() =>
        new CapacityModel(Default with { Traffic = new(EventsPerSecond: 70_000) }).DrainSeconds.ShouldBe(
            double.PositiveInfinity
        );

    [Fact]
    public void Handled_OfSharedMachines_IsNoMoreThanTheyTake()
    {
        var model = new CapacityModel(
            Default with
            {
                Limits = new(Machines: 1),
                Traffic = new(EventsPerSecond: 2_000),
            }
        );

        model.Handled.ShouldBe(model.Machines.EventsPerSecond);
        model.Handled.ShouldBeLessThan(model.Processor.EventsPerSecond);
        model.BacklogAfterBurst.ShouldBe((20_000 - model.Handled) * 60, 1);
    }

    [Fact]
    public void HeldRequests_FollowLittlesLaw() =>
        // 100/s x 10 / 2 nodes x 5 s.
        new CapacityModel(Default).HeldRequests.ShouldBe(2_500, 0.001);

    // 4,000/s x 10 / 2 nodes in requests of 100 events = 200 requests/s x 5 s.
    [Fact]
    public void HeldRequests_HoldSeveralEvents()
    {
        var model = new CapacityModel(
            Default with
            {
                Ingest = new(MaximumBytesInFlight: 1L << 30),
                Traffic = new(EventsPerSecond: 4_000, EventsPerRequest: 100),
            }
        );

        model.HeldRequests.ShouldBe(1_000, 0.001);
        model.IngestNode.Connections.ShouldBe(1_050, 0.001);
    }

    [Fact]
    public void HeldRequests_OfSeveralEvents_AreBoundedByTheBytesInFlight() =>
        new CapacityModel(
            Default with
            {
                Ingest = new(MaximumBodyBytes: 1 << 20, MaximumBytesInFlight: 1 << 20),
                Traffic = new(EventsPerSecond: 4_000, EventsPerRequest: 100),
            }
        ).HeldRequests.ShouldBe((1 << 20) / 50_000.0, 0.001);

    [Fact]
    public void HeldRequests_AreBoundedByTheBytesInFlight() =>
        new CapacityModel(
            Default with
            {
                Ingest = new(MaximumBodyBytes: 1 << 20, MaximumBytesInFlight: 1 << 20),
            }
        ).HeldRequests.ShouldBe((1 << 20) / 500.0, 0.001);

    [Fact]
    public void IngestNode_HoldsTheBudgetTwice()
    {
        var need = new CapacityModel(Default).IngestNode;

        // 150 MB + 2 x 64 MiB + 2,550 connections x 20 kB.
        need.MemoryBytes.ShouldBe(150e6 + (2 * 67_108_864) + (2_550 * 20e3), 1);
        need.Descriptors.ShouldBe(2_800, 0.001);
    }

    [Fact]
    public void LargestRate_NamesTheStageAndItsArithmetic()
    {
        var first = CapacityQuestions.LargestRate(Default);

        first.EventsPerSecond.ShouldBe(8_000, 1);
        first.Arithmetic.ShouldBe("2 nodes x 2 cores / 500 microseconds = 8,000 events/s");
    }

    [Fact]
    public void CostOf_TwiceTheTraffic_NeedsMoreOfEverything()
    {
        var traffic = new TrafficConfiguration(EventsPerSecond: 2_000);

        var once = CapacityQuestions.CostOf(Default with { Traffic = traffic }, 1);
        var twice = CapacityQuestions.CostOf(Default with { Traffic = traffic }, 2);

        // 20,000/s of a burst / (4,000 x 0.7) and twice that.
        once.IngestNodes.ShouldBe(8);
        twice.IngestNodes.ShouldBe(15);
        once.ProcessorNodes.ShouldBe(1);
        twice.EventsPerSecond.ShouldBe(4_000);
        twice.KeptBytes.ShouldBe(2 * once.KeptBytes);
    }

    [Fact]
    public void CostOf_MoreThanThePartitionsCarry_HasNoNumberOfProcessors() =>
        CapacityQuestions.CostOf(Default, 10_000).ProcessorNodes.ShouldBeNull();

    [Fact]
    public void BestChange_IngestSaturatesFirst_IsAnotherIngestNode() =>
        CapacityQuestions.BestChange(Default).ShouldBe(new CapacityChange("$.limits.ingestNodes", 3, 12_000));

    [Fact]
    public void BestChange_SmallBatches_IsALargerBatch()
    {
        var best = CapacityQuestions.BestChange(Default with { Processor = new(MaximumBatchEvents: 5) });

        best.ShouldNotBeNull().Path.ShouldBe("$.processor.maximumBatchEvents");
        best.Value.ShouldBe(10);
    }

    [Fact]
    public void BestChange_MachinesSaturateFirst_IsAnotherMachine()
    {
        var best = CapacityQuestions.BestChange(Default with { Limits = new(Machines: 1) });

        best.ShouldNotBeNull().Path.ShouldBe("$.limits.machines");
        best.Value.ShouldBe(2);
    }

    private static double Machines(PlatformConfiguration configuration) =>
        new CapacityModel(configuration with { Limits = new(Machines: 1) }).Machines.EventsPerSecond;

    private static double Rate(PlatformConfiguration configuration) =>
        new CapacityModel(configuration).Processor.EventsPerSecond;
}
