using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A batch that is larger than the topic takes is refused with all its records.</summary>
internal sealed class BrokerMessageSizeRule() : Rule("DOC-115", "A topic takes no batches as large as they are sent")
{
    private const string Path = "$.ingest.producer.batchBytes";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var largest = (long)subject.Traffic.LargestEventBytes + ServiceTimes.RecordOverheadBytes;
        var batch = subject.Configuration.Ingest.Producer.BatchBytes;
        foreach (var (path, topic) in subject.Topics())
        {
            if (subject.Actual(topic) is not { } actual || actual.MaximumMessageBytes >= Math.Max(largest, batch))
                continue;
            var limit = actual.MaximumMessageBytes;
            yield return limit < largest
                ? Report(
                    Severity.Error,
                    subject,
                    path,
                    $"max.message.bytes={limit} of {topic.Name}; the largest expected record has {Of(largest)} bytes.",
                    "Every event of the largest expected size is refused with 413.",
                    // No change of the document alters a topic's limit.
                    fix: null
                )
                : Report(
                    Severity.Error,
                    subject,
                    Path,
                    $"Batches of up to {Of(batch)} bytes are sent; max.message.bytes={limit} of {topic.Name}.",
                    "Under load, when batches fill, all events of a batch are refused with 413.",
                    FirstThatCures(subject, cured => !Examine(cured).Any(), [Fix.Set(Path, limit)])
                );
        }
    }
}
