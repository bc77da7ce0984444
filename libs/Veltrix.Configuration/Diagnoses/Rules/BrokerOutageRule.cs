using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The delivery timeout must outlast the outage that clients shall not notice.</summary>
internal sealed class BrokerOutageRule() : Rule("DOC-110", "Records are given up before the broker is back")
{
    private const string Path = "$.ingest.producer.deliveryTimeoutMilliseconds";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        double timeout = subject.Configuration.Ingest.Producer.DeliveryTimeoutMilliseconds;
        var outage = subject.Traffic.BrokerOutageSeconds * 1_000.0;
        if (timeout > outage)
            yield break;
        var refused = (outage - timeout) / 1_000 * subject.Traffic.EventsPerSecond;
        yield return Report(
            Severity.Warning,
            subject,
            Path,
            $"A record is given up after {Seconds(timeout / 1_000)}, a broker may be away for {Seconds(outage / 1_000)}.",
            $"About {Of(Math.Max(refused, subject.Traffic.EventsPerSecond))} events are refused with 503 and must be sent again.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), [Fix.Set(Path, outage * 1.5)])
        );
    }
}
