using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Tests.Fakes;

/// <summary>Proposals, rollouts and policy of the fake platform, as the contracts of the configuration service say.</summary>
internal sealed class FakeSteering(FakePlatform platform)
{
    private readonly List<(Proposal Proposal, PlatformConfiguration Document)> _proposals = [];

    /// <summary>What was done, in the order in which it came: act, number, reason.</summary>
    public List<string> Acts { get; } = [];

    /// <summary>Who did it, in the same order.</summary>
    public List<string> Actors { get; } = [];

    /// <summary>What the doctor says of every proposal.</summary>
    public IReadOnlyList<Finding> Findings { get; set; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Rollout> Rollouts { get; set; } = [];

    /// <summary>What stands in the way.</summary>
    public PublicationPolicy Policy { get; set; } = new(FourEyes: false, Freeze: null, []);

    /// <summary>Somebody else proposes.</summary>
    public Proposal Propose(PlatformConfiguration document, string reason, string author = "operator")
    {
        lock (_proposals)
        {
            var proposal = new Proposal(
                _proposals.Count + 1,
                ProposalState.Open,
                platform.Current.Number,
                FakePlatform.HashOf(_proposals.Count + 100),
                author,
                reason,
                DateTimeOffset.UtcNow,
                Approver: null,
                ApprovedAt: null,
                Version: null
            );
            _proposals.Add((proposal, document));
            return proposal;
        }
    }

    public void Map(WebApplication application)
    {
        const string Root = "/configuration/proposals";
        application.MapGet(Root, (int? before, int limit) => Json(List(before, limit)));
        application.MapPost(Root, ProposeAsync);
        application.MapGet(
            Root + "/{number:int}",
            (int number) => On(number, found => new ProposalDocument(found.Proposal, found.Document))
        );
        application.MapGet(Root + "/{number:int}/diff", (int number) => On(number, Differences));
        application.MapGet(Root + "/{number:int}/diagnosis", (int number) => On(number, _ => Verdict()));
        application.MapPost(
            Root + "/{number:int}/validate",
            (HttpRequest request, int number, string? reason) =>
                Act(request, "validate", number, reason, _ => Verdict())
        );
        application.MapPost(
            Root + "/{number:int}/approve",
            (HttpRequest request, int number, string? reason) =>
                Act(
                    request,
                    "approve",
                    number,
                    reason,
                    found =>
                        Change(
                            found with
                            {
                                State = ProposalState.Approved,
                                Approver = FakePlatform.CallerOf(request),
                                ApprovedAt = DateTimeOffset.UtcNow,
                            }
                        )
                )
        );
        application.MapPost(
            Root + "/{number:int}/withdraw",
            (HttpRequest request, int number, string? reason) =>
                Act(
                    request,
                    "withdraw",
                    number,
                    reason,
                    found => Change(found with { State = ProposalState.Withdrawn })
                )
        );
        application.MapPost(
            Root + "/{number:int}/publish",
            (HttpRequest request, int number, string? reason) => Act(request, "publish", number, reason, Publish)
        );
        application.MapGet("/configuration/versions/{number:int}/diagnosis", () => Json(new Diagnosis(Findings)));
        application.MapPost("/configuration/versions/{number:int}/rollback", RollBack);
        application.MapGet("/configuration/policy", () => Json(Policy));
        application.MapPost(
            "/configuration/freeze",
            (string reason) => Json(Policy = Policy with { Freeze = new("operator", DateTimeOffset.UtcNow, reason) })
        );
        application.MapPost("/configuration/unfreeze", () => Json(Policy = Policy with { Freeze = null }));
        application.MapPost(
            "/configuration/four-eyes",
            (bool required) => Json(Policy = Policy with { FourEyes = required })
        );
        application.MapPost("/configuration/pins", (string path, string reason) => Json(Pin(path, reason)));
        application.MapDelete("/configuration/pins", (string path) => Json(Unpin(path)));
        application.MapGet(
            "/rollouts",
            (int? before, int limit) => Json(Rollouts.Where(one => before is null || one.Number < before).Take(limit))
        );
        application.MapGet(
            "/rollouts/{number:int}",
            (int number) =>
                Rollouts.FirstOrDefault(one => one.Number == number) is { } found ? Json(found) : FakePlatform.Unknown()
        );
        application.MapPost("/rollouts", (RolloutRequest request) => Json(Start(request)));
        application.MapPost(
            "/rollouts/{number:int}/{act}",
            (int number, string act, string reason) => Steer(number, act, reason)
        );
    }

    private List<Proposal> List(int? before, int limit)
    {
        lock (_proposals)
            return
            [
                .. _proposals
                    .Select(entry => entry.Proposal)
                    .Reverse()
                    .Where(proposal => before is null || proposal.Number < before)
                    .Take(limit),
            ];
    }

    private async Task<IResult> ProposeAsync(HttpRequest request, string reason)
    {
        var body = await request.ReadFromJsonAsync<JsonElement>();
        var current = JsonSerializer.SerializeToNode(
            platform.Current.Configuration,
            ConfigurationJson.Default.PlatformConfiguration
        );
        var document = request.ContentType!.StartsWith(MergePatch.MediaType)
            ? MergePatch.Apply(current, body.Deserialize<System.Text.Json.Nodes.JsonNode>())
            : body.Deserialize<System.Text.Json.Nodes.JsonNode>();
        return Json(
            Propose(
                document.Deserialize(ConfigurationJson.Default.PlatformConfiguration)!,
                reason,
                FakePlatform.CallerOf(request)!
            )
        );
    }

    private ConfigurationDifferences Differences((Proposal Proposal, PlatformConfiguration Document) found) =>
        new(
            found.Proposal.Base,
            To: null,
            found.Proposal.Number,
            SemanticDifference.Between(platform.Version(found.Proposal.Base).Configuration, found.Document),
            ConfigurationEffect.Between(platform.Version(found.Proposal.Base).Configuration, found.Document)
        );

    private ProposalVerdict Verdict() => new(Findings.All(finding => finding.Severity != Severity.Error), [], Findings);

    private ConfigurationVersion Publish(Proposal proposal)
    {
        var version = platform.Publish(_proposals[proposal.Number - 1].Document, proposal.Reason);
        Change(proposal with { State = ProposalState.Published, Version = version.Number });
        return version;
    }

    private IResult RollBack(int number, string reason, HttpRequest request)
    {
        Acts.Add($"roll-back {number} {reason}");
        return request.Headers.IfMatch == $"\"{platform.Current.Number}\""
            ? Json(platform.Publish(platform.Version(number).Configuration, reason))
            : FakePlatform.Unknown();
    }

    private Pin Pin(string path, string reason)
    {
        var pin = new Pin(path, "operator", DateTimeOffset.UtcNow, reason);
        Policy = Policy with { Pins = [.. Policy.Pins, pin] };
        return pin;
    }

    private Pin Unpin(string path)
    {
        var pin = Policy.Pins.Single(pin => pin.Path == path);
        Policy = Policy with { Pins = [.. Policy.Pins.Where(other => other != pin)] };
        return pin;
    }

    private Rollout Start(RolloutRequest request)
    {
        var rollout = FakeRollout.Observing(Rollouts.Count + 1, request);
        Rollouts = [rollout, .. Rollouts];
        return rollout;
    }

    private IResult Steer(int number, string act, string reason)
    {
        Acts.Add($"{act} {number} {reason}");
        Rollouts =
        [
            .. Rollouts.Select(one =>
                one.Number == number ? one with { State = act == "pause" ? "paused" : "aborted" } : one
            ),
        ];
        return Json(Rollouts.Single(one => one.Number == number));
    }

    private Proposal Change(Proposal proposal)
    {
        lock (_proposals)
            _proposals[proposal.Number - 1] = (proposal, _proposals[proposal.Number - 1].Document);
        return proposal;
    }

    private IResult Act<T>(HttpRequest request, string name, int number, string? reason, Func<Proposal, T> act)
    {
        var actor = FakePlatform.CallerOf(request)!;
        Acts.Add($"{name} {number} {reason}".TrimEnd());
        Actors.Add(actor);
        lock (_proposals)
            if (name == "approve" && Policy.FourEyes && _proposals[number - 1].Proposal.Author == actor)
                return FakePlatform.Refuse(403, "VX-2023", "An author cannot approve");
        return On(number, found => act(found.Proposal));
    }

    private IResult On<T>(int number, Func<(Proposal Proposal, PlatformConfiguration Document), T> read)
    {
        lock (_proposals)
            return number <= _proposals.Count ? Json(read(_proposals[number - 1])) : FakePlatform.Unknown();
    }

    private static IResult Json<T>(T value) => Results.Json(value, FakePlatform.Json);
}
