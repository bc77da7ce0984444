using Veltrix.Configuration.Capacity;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>Five stories of operators: each configuration is refused for what went wrong, and its repair passes.</summary>
public sealed class IncidentTests
{
    [Theory]
    // 100 million events a day, bursts of ten times the mean: "Too many open files".
    [InlineData("hundred-million", "DOC-301", "100 million a day", "x 10", "5,790 requests", "65,536")]
    // Fifty servers, more partitions to be faster: wrong order, slower producers.
    [InlineData("fifty-servers", "DOC-201", "60 before, 600 now", "90 %", "50 nodes", "0.0033 records per batch")]
    // More than 1.2 million events an hour, 30 % of them silently lost.
    [InlineData("thirty-percent", "DOC-101", "30 %", "1,202,400 of an hour", "360,720 events lost")]
    // 10,000 events/s came in, handlers on one core managed about 2,000.
    [InlineData("ten-versus-two", "DOC-401", "10,000 events/s", "2,174 events/s", "1 workers")]
    // 25 machines of 8 cores, and one of them overflows again and again.
    [InlineData("worker-fourteen", "DOC-402", "6,000 events/s of one key", "24 of 25 nodes x 8 cores", "4,167")]
    public void Examine_Incident_IsRefusedForItsCause(string name, string code, params string[] numbers)
    {
        var incident = new Incident(name);

        var diagnosis = incident.Examine(incident.Configuration);

        diagnosis.IsRefused.ShouldBeTrue();
        diagnosis.Findings[0].Code.ShouldBe(code);
        foreach (var number in numbers)
            number
                .Split('|')
                .ShouldContain(
                    choice => diagnosis.Findings[0].Evidence.Contains(choice),
                    diagnosis.Findings[0].Evidence
                );
    }

    [Theory]
    [InlineData("hundred-million")]
    [InlineData("fifty-servers")]
    [InlineData("thirty-percent")]
    [InlineData("ten-versus-two")]
    [InlineData("worker-fourteen")]
    public void Examine_RepairedIncident_Passes(string name)
    {
        var incident = new Incident(name);

        incident.Examine(incident.Repaired).Of(Severity.Error).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hundred-million")]
    [InlineData("fifty-servers")]
    [InlineData("thirty-percent")]
    [InlineData("ten-versus-two")]
    [InlineData("worker-fourteen")]
    public void Repair_Incident_LeavesNoError(string name)
    {
        var incident = new Incident(name);

        var repaired = Doctor.Repair(incident.Configuration, incident.Previous, incident.Traffic, incident.Machine);

        Doctor.Examine(repaired, incident.Previous).Of(Severity.Error).ShouldBeEmpty();
    }

    [Fact]
    public void Examine_WorkerFourteenRepaired_NamesTheWasteOf25Nodes()
    {
        var incident = new Incident("worker-fourteen");

        incident
            .Examine(incident.Repaired)
            .Findings.Single(finding => finding.Code == "DOC-701")
            .Evidence.ShouldStartWith("25 nodes x 8 cores = 200 cores and 1.72 TB of memory");
    }

    // 500 million a day are 5,787 events/s, ten times that in a burst.
    [Fact]
    public void LargestRate_HundredMillionRepaired_TakesFiveTimesAsMuch()
    {
        var incident = new Incident("hundred-million");
        var configuration = incident.Repaired with { Traffic = incident.Traffic, Limits = incident.Machine };

        CapacityQuestions.LargestRate(configuration).EventsPerSecond.ShouldBeGreaterThan(57_870);
    }
}
