using Veltrix.Admin.Rollouts;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Tests.Rollouts;

public sealed class NewRolloutTests
{
    [Fact]
    public void Request_FilledForm_SaysWhatToStart()
    {
        var form = Filled();
        form.Waves = " processor:1 \r\n\n100%\n";
        form.AcceptsIdle = true;

        var request = form.Request().ShouldNotBeNull();

        (request.Proposal, request.BakeSeconds, request.Reason).ShouldBe((3, 60, "Carefully"));
        request.Waves.ShouldBe([new RolloutWave(Count: 1, Label: "processor"), new RolloutWave(Percent: 100)]);
        request.AcceptsIdle.ShouldBeTrue();
        request.Error().ShouldBeNull();
    }

    [Fact]
    public void Request_EmptyForm_NamesEveryMistake()
    {
        var form = new NewRollout
        {
            Waves = "",
            BakeSeconds = 4,
            Reason = " ",
        };

        form.Request().ShouldBeNull();

        form.ProposalMistake.ShouldNotBeNull();
        form.WavesMistake.ShouldNotBeNull();
        form.BakeMistake.ShouldNotBeNull();
        form.ReasonMistake.ShouldNotBeNull();
    }

    [Fact]
    public void Request_MistakesCorrected_AreForgotten()
    {
        var form = Filled();
        form.Waves = "processor:half";
        form.Request().ShouldBeNull();
        form.WavesMistake!.ShouldContain("“processor:half”");

        form.Waves = "50%";

        form.Request().ShouldNotBeNull();
        form.WavesMistake.ShouldBeNull();
    }

    private static NewRollout Filled() => new() { Proposal = 3, Reason = " Carefully " };
}
