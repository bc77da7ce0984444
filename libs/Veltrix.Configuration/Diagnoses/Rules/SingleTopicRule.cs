using System.Text.Json.Nodes;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Topics by event type can be spread over brokers, kept and handled apart.</summary>
internal sealed class SingleTopicRule() : Rule("DOC-605", "All event types share one topic")
{
    // The incident ten-versus-two: one broker took about this much.
    private const double OfOneBroker = 10_000;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var types = subject.Configuration.EventTypes;
        var burst = subject.Capacity.BurstEventsPerSecond;
        if (burst <= OfOneBroker || types.Select(type => type.Topic).Distinct(StringComparer.Ordinal).Count() > 1)
            yield break;
        yield return Report(
            Severity.Advice,
            subject,
            "$.eventTypes",
            $"{Of(types.Count)} event types, 1 topic: {Of(burst)} events/s of a burst, more than the {Of(OfOneBroker)} of one broker.",
            $"What is slow or large among {types[0].Topic} holds up everything else: {Of(subject.Traffic.EventsPerSecond)} events/s.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), Split(subject))
        );
    }

    private static IEnumerable<IReadOnlyList<PatchOperation>> Split(Examination subject)
    {
        var last = subject.Configuration.EventTypes.Count - 1;
        var (path, topic) = subject
            .Topics()
            .First(topic => topic.Topic.Name == subject.Configuration.EventTypes[0].Topic);
        var list = Fix.Pointer(path[..path.LastIndexOf('[')]);
        var another = subject.ValueAt(path)!;
        another["name"] = $"{topic.Name}-2";
        yield return
        [
            new PatchOperation("add", $"{list}/-", another),
            .. Fix.Set($"$.eventTypes[{last}].topic", JsonValue.Create($"{topic.Name}-2")),
        ];
    }
}
