using Microsoft.Extensions.Configuration;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Configurations;
using Veltrix.Admin.Tests.Fakes;
using Veltrix.Configuration;

namespace Veltrix.Admin.Tests.Configurations;

public sealed class PublishModelTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private FakePlatform _platform = null!;
    private HttpClient _http = null!;
    private PublishModel _model = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await FakePlatform.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_platform.Address) };
        var key = new SiteKey(
            new ConfigurationBuilder().AddInMemoryCollection([new("Keys:Operator", FakePlatform.OperatorKey)]).Build()
        );
        _model = new PublishModel(new ConfigClient(_http, key), new ProposalClient(_http, key));
        await _model.LoadAsync(_cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _platform.DisposeAsync();
    }

    [Fact]
    public void LoadAsync_TheCurrentVersion_BecomesTheTextWithoutChanges()
    {
        _model.Base!.Number.ShouldBe(1);
        _model.Workers.ShouldBe(2);
        _model.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task PublishAsync_WithAReason_BecomesTheNextVersion()
    {
        _model.Workers = 4;
        _model.Reason = "  More load  ";

        await _model.PublishAsync(_cancellation);

        _model.Published!.Number.ShouldBe(2);
        _model.Published.Reason.ShouldBe("More load");
        _platform.Current.Configuration.Processor.Workers.ShouldBe(4);
        _model.Base!.Number.ShouldBe(2);
        _model.Changes.ShouldBeEmpty();
        _model.Reason.ShouldBeEmpty();
    }

    [Fact]
    public async Task PublishAsync_WithoutAReason_SendsNothing()
    {
        _model.Workers = 4;
        _model.Reason = "   ";

        await _model.PublishAsync(_cancellation);

        _model.ReasonMistake.ShouldNotBeNull();
        _platform.Current.Number.ShouldBe(1);
    }

    [Fact]
    public async Task PublishAsync_NoJson_SaysWhereAndSendsNothing()
    {
        _model.Text = "{ \"processor\": }";
        _model.Reason = "Because";

        await _model.PublishAsync(_cancellation);

        _model.TextMistake!.ShouldContain("Line 1");
        _platform.Current.Number.ShouldBe(1);
    }

    [Fact]
    public async Task PublishAsync_RefusedByTheService_ShowsEveryErrorAndKeepsTextAndReason()
    {
        _model.Workers = 600;
        _model.Reason = "Too many";
        var text = _model.Text;

        await _model.PublishAsync(_cancellation);

        _model.Problem!.Code.ShouldBe("VX-2001");
        _model.Problem.Errors.Select(error => error.Path).ShouldBe(["$.processor.workers", "$.eventTypes[0].topic"]);
        _model.Problem.Errors[0].Allowed.ShouldBe("1 to 64");
        _model.Text.ShouldBe(text);
        _model.Reason.ShouldBe("Too many");
    }

    [Fact]
    public async Task PublishAsync_SomebodyWasFaster_OverwritesNothingAndShowsTheirs()
    {
        PublishTheirs();
        _model.Workers = 4;
        _model.Reason = "Mine";

        await _model.PublishAsync(_cancellation);

        _platform.Current.Number.ShouldBe(2);
        _model.Newer!.Author.ShouldBe("grace");
        _model.NewerChanges.ShouldContain(line =>
            line.Text.Contains("huntTimeoutMinutes") && line.Change == LineChange.Added
        );
        _model.Workers.ShouldBe(4);
        _model.Reason.ShouldBe("Mine");
    }

    [Fact]
    public async Task KeepText_AfterAConflict_PublishesOnTopOfTheirs()
    {
        PublishTheirs();
        (_model.Workers, _model.Reason) = (4, "Mine");
        await _model.PublishAsync(_cancellation);

        _model.KeepText();
        await _model.PublishAsync(_cancellation);

        _model.Published!.Number.ShouldBe(3);
        _platform.Current.Configuration.Workflows.HuntTimeoutMinutes.ShouldBe(1_440);
        _platform.Current.Configuration.Processor.Workers.ShouldBe(4);
    }

    [Fact]
    public async Task StartOver_AfterAConflict_BeginsFromTheirsAndKeepsTheReason()
    {
        PublishTheirs();
        (_model.Workers, _model.Reason) = (4, "Mine");
        await _model.PublishAsync(_cancellation);

        _model.StartOver();

        _model.Base!.Number.ShouldBe(2);
        _model.Changes.ShouldBeEmpty();
        _model.Workers.ShouldBe(2);
        _model.Reason.ShouldBe("Mine");
        _model.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task PublishAsync_TheServiceIsAway_TellsItsCodeAndKeepsTheText()
    {
        _model.Workers = 4;
        _model.Reason = "Because";
        _platform.IsAway = true;

        await _model.PublishAsync(_cancellation);

        _model.Problem!.Code.ShouldBe("VX-2005");
        _model.Workers.ShouldBe(4);
    }

    [Fact]
    public async Task ProposeAsync_MergePatch_ShowsItsChangesAndBecomesAProposal()
    {
        (_model.IsPatch, _model.Reason) = (true, "More load");
        _model.PatchText = """{ "processor": { "workers": 4 } }""";

        _model
            .Changes.Where(line => line.Change != LineChange.Same && line.Change != LineChange.Skipped)
            .Select(line => line.Text.Trim())
            .ShouldBe(["\"workers\": 2,", "\"workers\": 4,"]);
        await _model.ProposeAsync(_cancellation);

        _model.Proposed!.Number.ShouldBe(1);
        _platform.Current.Number.ShouldBe(1);
    }

    [Theory]
    [InlineData("{ \"processor\": }")]
    [InlineData("""{ "processor": "\ud800" }""")]
    public void Changes_PatchThatCannotBeApplied_AreNone(string patch)
    {
        (_model.IsPatch, _model.PatchText) = (true, patch);

        _model.Changes.ShouldBeEmpty();
    }

    private void PublishTheirs() =>
        _platform.Publish(
            PlatformConfiguration.Default with
            {
                Workflows = new WorkflowConfiguration(HuntTimeoutMinutes: 60),
            },
            "Hunts end after an hour",
            "grace"
        );
}
