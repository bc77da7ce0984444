using Veltrix.Configuration.Diagnoses.Rules;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>
/// Examines a configuration before it is published and says everything that is wrong with it, in numbers. A pure
/// function: the same question has the same answer.
/// </summary>
public static class Doctor
{
    // Causes before consequences: loss, order, what a node has, what it can do, time, routing, waste.
    internal static readonly IReadOnlyList<Rule> Rules =
    [
        new AcknowledgementRule(),
        new AutoCommitRule(),
        new OffsetResetRule(),
        new ServedClusterRule(),
        new LostTopicRule(),
        new RetentionRule(),
        new BrokerDeletionRule(),
        new InsyncReplicasRule(),
        new UnwritableTopicRule(),
        new ReplicationRule(),
        new UncleanElectionRule(),
        new EventSizeRule(),
        new RequestSizeRule(),
        new BrokerMessageSizeRule(),
        new InFlightBudgetRule(),
        new BrokerOutageRule(),
        new PartitionChangeRule(),
        new ReorderRule(),
        new IdempotenceRule(),
        new TopicMoveRule(),
        new ActualPartitionsRule(),
        new KeyChangeRule(),
        new MixedKeysRule(),
        new NoOrderRule(),
        new DescriptorsRule(),
        new ConnectionsRule(),
        new IngestMemoryRule(),
        new ProcessorMemoryRule(),
        new ThreadsRule(),
        new DiskRule(),
        new BrokerDescriptorsRule(),
        new ProcessorCapacityRule(),
        new HottestKeyRule(),
        new IngestCapacityRule(),
        new DrainRule(),
        new DatabaseRule(),
        new SharedMachinesRule(),
        new DeliveryTimeoutsRule(),
        new PollIntervalRule(),
        new HandlerTimeoutRule(),
        new HeartbeatRule(),
        new SessionTimeoutRule(),
        new RetryStormRule(),
        new OrphanTopicRule(),
        new UnhandledTypeRule(),
        new IdleProcessorsRule(),
        new HotPartitionsRule(),
        new SingleTopicRule(),
        new OverProvisionedRule(),
        new UselessPartitionsRule(),
        new LooseLimitsRule(),
        new TightBatchesRule(),
        new TopologyRule(),
    ];

    /// <summary>Every rule: its code and what it says.</summary>
    public static IReadOnlyList<RuleDescription> Catalogue { get; } =
    [.. Rules.Select(rule => new RuleDescription(rule.Code, rule.Title))];

    /// <summary>Examines <paramref name="configuration"/>, which <see cref="ConfigurationValidator"/> accepted.</summary>
    /// <param name="configuration">The document.</param>
    /// <param name="previous">The version that is in force; null when there is none.</param>
    /// <param name="traffic">What to expect instead of the document's <c>traffic</c>.</param>
    /// <param name="machine">What one node has instead of the document's <c>limits</c>.</param>
    /// <param name="topology">What is there; null when nobody looked.</param>
    /// <returns>All findings: errors first, then warnings, then advice; within each the likeliest cause first.</returns>
    public static Diagnosis Examine(
        PlatformConfiguration configuration,
        PlatformConfiguration? previous = null,
        TrafficConfiguration? traffic = null,
        LimitsConfiguration? machine = null,
        Topology? topology = null
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var examined = Examined(configuration, traffic, machine);
        var subject = new Examination(examined, previous, topology);
        return new Diagnosis([.. Rules.SelectMany(rule => rule.Examine(subject)).OrderBy(finding => finding.Severity)]);
    }

    /// <summary>
    /// Applies one fix after the other, the first finding's first, until none of a finding of <paramref name="lowest"/> or
    /// above makes the diagnosis better.
    /// </summary>
    /// <param name="configuration">The document.</param>
    /// <param name="previous">As for <see cref="Examine"/>.</param>
    /// <param name="traffic">As for <see cref="Examine"/>.</param>
    /// <param name="machine">As for <see cref="Examine"/>.</param>
    /// <param name="topology">As for <see cref="Examine"/>.</param>
    /// <param name="lowest">The least grave severity that is repaired.</param>
    /// <returns>The repaired document, with <c>traffic</c> and <c>limits</c> as they were examined, and as fixes changed them.</returns>
    public static PlatformConfiguration Repair(
        PlatformConfiguration configuration,
        PlatformConfiguration? previous = null,
        TrafficConfiguration? traffic = null,
        LimitsConfiguration? machine = null,
        Topology? topology = null,
        Severity lowest = Severity.Warning
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var repaired = Examined(configuration, traffic, machine);
        while (NextFix(repaired, previous, topology, lowest) is { } next)
            repaired = next;
        return repaired;
    }

    // What cures a warning may bring an error, and back again: only what leaves less to say is taken, so this ends.
    private static PlatformConfiguration? NextFix(
        PlatformConfiguration configuration,
        PlatformConfiguration? previous,
        Topology? topology,
        Severity lowest
    )
    {
        var before = Examine(configuration, previous, topology: topology);
        return before
            .Findings.Where(finding => finding.Severity <= lowest && finding.Fix is not null)
            .Select(finding => ConfigurationPatch.Apply(configuration, finding.Fix!))
            .FirstOrDefault(repaired => IsBetter(Examine(repaired, previous, topology: topology), before));
    }

    private static bool IsBetter(Diagnosis after, Diagnosis before) => Weight(after).CompareTo(Weight(before)) < 0;

    private static (int Errors, int Warnings, int Advice) Weight(Diagnosis diagnosis) =>
        (
            diagnosis.Of(Severity.Error).Count(),
            diagnosis.Of(Severity.Warning).Count(),
            diagnosis.Of(Severity.Advice).Count()
        );

    private static PlatformConfiguration Examined(
        PlatformConfiguration configuration,
        TrafficConfiguration? traffic,
        LimitsConfiguration? machine
    ) => configuration with { Traffic = traffic ?? configuration.Traffic, Limits = machine ?? configuration.Limits };
}
