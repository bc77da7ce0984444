using MassTransit;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Rollouts;

/// <summary>
/// A rollout from its start to its end. Nothing here has a side effect but on the instance; what a transition decides is
/// written by <see cref="RolloutRepository"/> in the same transaction, so a service that dies goes on from the last state.
/// </summary>
public sealed class RolloutStateMachine : MassTransitStateMachine<RolloutState>
{
    /// <summary>The actor of what the rollout does by itself.</summary>
    public const string Itself = "veltrix";

    /// <summary>How long a wave may take to apply the candidate, and nodes may be silent, before it is taken back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A wave is measured for so many times its baking, until there are samples enough to compare.
    private const int MostMeasurements = 2;

    // A tick counts for no more: neither a clock that is set forward nor a pause of the service is time that was watched.
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(2);

    /// <summary>Describes the machine.</summary>
    public RolloutStateMachine()
    {
        InstanceState(rollout => rollout.CurrentState);
        Event(() => Started, correlation => correlation.CorrelateById(context => context.Message.RolloutId));
        Event(
            () => Ticked,
            correlation =>
                correlation
                    .CorrelateById(context => context.Message.RolloutId)
                    .OnMissingInstance(missing => missing.Fault())
        );
        Event(
            () => PauseAsked,
            correlation =>
                correlation
                    .CorrelateById(context => context.Message.RolloutId)
                    .OnMissingInstance(missing => missing.Fault())
        );
        Event(
            () => ResumeAsked,
            correlation =>
                correlation
                    .CorrelateById(context => context.Message.RolloutId)
                    .OnMissingInstance(missing => missing.Fault())
        );
        Event(
            () => AbortAsked,
            correlation =>
                correlation
                    .CorrelateById(context => context.Message.RolloutId)
                    .OnMissingInstance(missing => missing.Fault())
        );

        Initially(When(Started).Then(Begin).TransitionTo(Observing));
        OnTick(Observing, Observe);
        OnTick(Wave, AwaitWave);
        OnTick(Baking, Bake);
        OnTick(Comparing, Compare);
        OnTick(Waiting, AwaitRelease);
        OnTick(Halted, AwaitReturn);
        During(
            [Observing, Wave, Baking, Comparing, Waiting, Halted],
            When(PauseAsked).Then(context => Pause(context.Saga, context.Message)).TransitionTo(Paused)
        );
        During(Paused, Ignore(Ticked), When(ResumeAsked).ThenAsync(ResumeAsync));
        During(
            [Observing, Wave, Baking, Comparing, Waiting, Halted, Paused],
            When(AbortAsked).Then(context => Abort(context.Saga, context.Message)).TransitionTo(Aborted)
        );
        During([Completed, RolledBack, Aborted], Ignore(Ticked));
    }

    /// <summary>Nobody has the candidate; the fleet is measured as it is.</summary>
    public State Observing { get; private set; } = null!;

    /// <summary>A wave was given the candidate and has to report it.</summary>
    public State Wave { get; private set; } = null!;

    /// <summary>The wave runs on the candidate and is measured.</summary>
    public State Baking { get; private set; } = null!;

    /// <summary>The measurements are compared.</summary>
    public State Comparing { get; private set; } = null!;

    /// <summary>The wave does no worse, but the next may not have the candidate yet; measuring goes on.</summary>
    public State Waiting { get; private set; } = null!;

    /// <summary>Nodes with the candidate are silent; time does not count.</summary>
    public State Halted { get; private set; } = null!;

    /// <summary>An operator stopped it.</summary>
    public State Paused { get; private set; } = null!;

    /// <summary>The candidate is everybody's.</summary>
    public State Completed { get; private set; } = null!;

    /// <summary>The candidate was taken back by the rollout itself.</summary>
    public State RolledBack { get; private set; } = null!;

    /// <summary>The candidate was taken back by an operator.</summary>
    public State Aborted { get; private set; } = null!;

    /// <summary>A rollout begins.</summary>
    public Event<StartRollout> Started { get; private set; } = null!;

    /// <summary>Time passed.</summary>
    public Event<TickRollout> Ticked { get; private set; } = null!;

    /// <summary>An operator wants it to stop for now.</summary>
    public Event<PauseRollout> PauseAsked { get; private set; } = null!;

    /// <summary>An operator wants it to go on.</summary>
    public Event<ResumeRollout> ResumeAsked { get; private set; } = null!;

    /// <summary>An operator wants it to end.</summary>
    public Event<AbortRollout> AbortAsked { get; private set; } = null!;

    /// <summary>Whether the next tick may compare, for which it needs the samples since the wave began and from before it.</summary>
    internal static bool ComparesNext(RolloutState rollout) =>
        rollout.CurrentState == nameof(Comparing)
        || (
            rollout.CurrentState == nameof(Waiting)
            && rollout.Progress.PhaseSeconds + LongestTick.TotalSeconds >= rollout.Progress.BakeSeconds
        );

    private static void Begin(BehaviorContext<RolloutState, StartRollout> context)
    {
        var (rollout, message) = (context.Saga, context.Message);
        rollout.Active = true;
        rollout.Proposal = message.Request.Proposal;
        rollout.Author = message.Actor;
        rollout.Reason = message.Request.Reason;
        rollout.StartedAt = message.At;
        rollout.Progress = new(
            message.Request.Waves,
            message.Request.BakeSeconds,
            [],
            [],
            message.At,
            message.At,
            PhaseSeconds: 0,
            HaltedSeconds: 0,
            TickedAt: message.At,
            WatchedSince: DateTimeOffset.MinValue,
            ReturnState: null,
            message.Request.AcceptsIdle
        );
        rollout.Decision = new(RolloutActs.Start, message.Actor, message.Request.Reason);
    }

    private void OnTick(State state, Func<RolloutState, FleetView, DateTimeOffset, State> step) =>
        During(
            state,
            When(Ticked)
                .ThenAsync(async context =>
                {
                    var (rollout, tick) = (context.Saga, context.Message);
                    if (tick.Revision != rollout.Revision)
                        return;
                    if (!Count(rollout, tick.At))
                        return;
                    var next = step(rollout, new FleetView(tick), tick.At);
                    if (next != state)
                        await context.TransitionToState(next);
                })
        );

    /// <summary>Counts the time since the last tick; false while the rollout has not been watched for long enough to judge silence.</summary>
    private static bool Count(RolloutState rollout, DateTimeOffset now)
    {
        var progress = rollout.Progress;
        var passed = now - progress.TickedAt;
        // The service was away or its clock was set: there are samples missing, or none from before by this clock.
        if (passed.Duration() > FleetView.Silence)
            progress = progress with { WatchedSince = now, PhaseStartedAt = now, PhaseSeconds = 0, HaltedSeconds = 0 };
        var isWatched = now - progress.WatchedSince >= FleetView.Silence;
        var counted = isWatched ? Math.Clamp(passed.TotalSeconds, 0, LongestTick.TotalSeconds) : 0;
        rollout.Progress = progress with { TickedAt = now, PhaseSeconds = progress.PhaseSeconds + counted };
        return isWatched;
    }

    private State Observe(RolloutState rollout, FleetView fleet, DateTimeOffset now) =>
        rollout.Progress.PhaseSeconds < rollout.Progress.BakeSeconds ? Observing : NextWave(rollout, fleet, now);

    private State NextWave(RolloutState rollout, FleetView fleet, DateTimeOffset now)
    {
        // Also the end of the last one, which releases the candidate to everybody.
        if (rollout.Frozen is { } frozen)
            return Wait(rollout, frozen);
        var progress = rollout.Progress;
        var released = progress.Nodes.Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        var services = fleet
            .Present.Where(sample => sample.Version == rollout.Base || released.Contains(sample.Node))
            .ToDictionary(sample => sample.Node, sample => sample.Service, StringComparer.Ordinal);
        while (rollout.Wave < progress.Waves.Count)
        {
            var chosen = progress
                .Waves[rollout.Wave++]
                .Choose([.. services.Select(node => (node.Key, node.Value))], released);
            if (chosen.Count == 0)
                continue;
            rollout.Progress = progress with
            {
                Nodes =
                [
                    .. progress.Nodes,
                    .. chosen.Select(node => new RolloutNode(node, services[node], rollout.Wave)),
                ],
                WaveStartedAt = now,
                PhaseSeconds = 0,
            };
            rollout.Decision = new(
                RolloutActs.Wave,
                Itself,
                $"Wave {rollout.Wave} of {progress.Waves.Count}: {string.Join(", ", chosen)}"
            );
            return Wave;
        }
        if (progress.Nodes.Count == 0)
            return TakeBack(rollout, now, "No node was there to try it on.");
        End(rollout, now);
        rollout.Decision = new(RolloutActs.Complete, Itself, $"All {progress.Waves.Count} waves are done.");
        return Completed;
    }

    private State AwaitWave(RolloutState rollout, FleetView fleet, DateTimeOffset now)
    {
        if (Refused(rollout, fleet) is { } refused)
            return TakeBack(rollout, now, refused);
        if (Silent(rollout, fleet) is { Count: > 0 } silent)
            return Halt(rollout, silent, Wave);
        var behind = rollout
            .Progress.Nodes.Select(node => node.Node)
            .Where(node => fleet.Last(node)!.Version != rollout.Candidate)
            .ToList();
        if (behind.Count == 0)
        {
            rollout.Progress = rollout.Progress with { PhaseSeconds = 0, PhaseStartedAt = now };
            rollout.Decision = new(RolloutActs.Bake, Itself, $"Wave {rollout.Wave} runs version {rollout.Candidate}.");
            return Baking;
        }
        return rollout.Progress.PhaseSeconds > Patience.TotalSeconds
            ? TakeBack(
                rollout,
                now,
                $"Not on version {rollout.Candidate} after {Patience.TotalSeconds:0} s: {string.Join(", ", behind)}."
            )
            : Wave;
    }

    private State Bake(RolloutState rollout, FleetView fleet, DateTimeOffset now)
    {
        if (Refused(rollout, fleet) is { } refused)
            return TakeBack(rollout, now, refused);
        if (Silent(rollout, fleet) is { Count: > 0 } silent)
            return Halt(rollout, silent, Baking);
        if (rollout.Progress.PhaseSeconds < rollout.Progress.BakeSeconds)
            return Baking;
        rollout.Decision = new(
            RolloutActs.Compare,
            Itself,
            $"Wave {rollout.Wave} was measured for {rollout.Progress.BakeSeconds} s."
        );
        return Comparing;
    }

    private State Compare(RolloutState rollout, FleetView fleet, DateTimeOffset now)
    {
        if (Silent(rollout, fleet) is { Count: > 0 } silent)
            return Halt(rollout, silent, Comparing);
        if (rollout.Progress.PhaseSeconds < rollout.Progress.BakeSeconds)
        {
            rollout.Decision = new(RolloutActs.Bake, Itself, $"Wave {rollout.Wave} is measured anew.");
            return Baking;
        }
        var evidence = fleet.Compare(rollout);
        rollout.Progress = rollout.Progress.With(evidence);
        var worse = evidence.Where(entry => entry.IsWorse).Select(entry => entry.Text).ToList();
        if (worse.Count > 0)
            return TakeBack(rollout, now, string.Join(' ', worse));
        if (evidence.Any(entry => entry.IsTooLittle))
            return MeasureOn(rollout, now);
        return IsIdle(rollout, evidence)
            ? Wait(
                rollout,
                $"the nodes of wave {rollout.Wave} had too little to do to be judged by. It goes on by itself when there are more events."
            )
            : NextWave(rollout, fleet, now);
    }

    private static bool IsIdle(RolloutState rollout, IReadOnlyList<RolloutEvidence> evidence) =>
        !rollout.Progress.AcceptsIdle && evidence.Any(entry => entry.IsIdle);

    private State Wait(RolloutState rollout, string why)
    {
        var text = $"The next wave waits: {why}";
        rollout.Progress = rollout.Progress.With(new RolloutEvidence(rollout.Wave, IsWorse: false, text)) with
        {
            PhaseSeconds = 0,
        };
        rollout.Decision = new(RolloutActs.Wait, Itself, text);
        return Waiting;
    }

    /// <summary>Judges the wave again and again: what turns bad while nothing may be published is taken back all the same.</summary>
    private State AwaitRelease(RolloutState rollout, FleetView fleet, DateTimeOffset now)
    {
        if (Refused(rollout, fleet) is { } refused)
            return TakeBack(rollout, now, refused);
        if (Silent(rollout, fleet) is { Count: > 0 } silent)
            return Halt(rollout, silent, Waiting);
        if (rollout.Progress.PhaseSeconds < rollout.Progress.BakeSeconds)
            return Waiting;
        rollout.Progress = rollout.Progress with { PhaseSeconds = 0 };
        var evidence = fleet.Compare(rollout);
        var worse = evidence.Where(entry => entry.IsWorse).Select(entry => entry.Text).ToList();
        if (worse.Count == 0 && (rollout.Frozen is not null || IsIdle(rollout, evidence)))
        {
            // Few events add up; enough of them are looked at window by window, or what was good would hide what turned bad.
            if (!evidence.Any(entry => entry.IsIdle))
                rollout.Progress = rollout.Progress with { PhaseStartedAt = now };
            return Waiting;
        }
        rollout.Progress = rollout.Progress.With(evidence);
        return worse.Count > 0 ? TakeBack(rollout, now, string.Join(' ', worse)) : NextWave(rollout, fleet, now);
    }

    /// <summary>What could not be measured must not pass: what there is so far is added to, and then the version is taken back.</summary>
    private State MeasureOn(RolloutState rollout, DateTimeOffset now)
    {
        var progress = rollout.Progress;
        var times = progress
            .Evidence.Where(entry => entry.Wave == rollout.Wave && entry.IsTooLittle)
            .CountBy(entry => entry.Text.Split(':')[0])
            .Max(service => service.Value);
        if (times >= MostMeasurements)
            return TakeBack(rollout, now, $"Too few samples of wave {rollout.Wave}, {times} times.");
        rollout.Progress = progress with { PhaseSeconds = 0 };
        rollout.Decision = new(RolloutActs.Bake, Itself, $"Wave {rollout.Wave} is measured on: too few samples.");
        return Baking;
    }

    private State AwaitReturn(RolloutState rollout, FleetView fleet, DateTimeOffset now)
    {
        // The time of a halt is kept apart: it is not time that the wave was looked at.
        var progress = rollout.Progress;
        var halted = progress.PhaseSeconds;
        if (Silent(rollout, fleet) is { Count: > 0 } silent)
            return halted > Patience.TotalSeconds
                ? TakeBack(rollout, now, $"Silent for {Patience.TotalSeconds:0} s: {string.Join(", ", silent)}.")
                : Halted;
        rollout.Decision = new(RolloutActs.GoOn, Itself, "All nodes report again.");
        rollout.Progress = progress with { PhaseSeconds = progress.HaltedSeconds, ReturnState = null };
        return ByName(progress.ReturnState!);
    }

    private State Halt(RolloutState rollout, List<string> silent, State from)
    {
        var text = $"Silent: {string.Join(", ", silent)}.";
        rollout.Progress = rollout.Progress.With(new RolloutEvidence(rollout.Wave, IsWorse: false, text)) with
        {
            ReturnState = from.Name,
            HaltedSeconds = rollout.Progress.PhaseSeconds,
            PhaseSeconds = 0,
        };
        rollout.Decision = new(RolloutActs.Halt, Itself, text);
        return Halted;
    }

    private State TakeBack(RolloutState rollout, DateTimeOffset now, string why)
    {
        if (!rollout.Progress.Evidence.Any(entry => entry.IsWorse))
            rollout.Progress = rollout.Progress.With(new RolloutEvidence(rollout.Wave, IsWorse: true, why));
        End(rollout, now);
        rollout.Decision = new(
            RolloutActs.RollBack,
            Itself,
            $"Rollout {rollout.Number} took version {rollout.Candidate} back. {why}",
            Restores: true
        );
        return RolledBack;
    }

    private void Pause(RolloutState rollout, PauseRollout message)
    {
        var state = rollout.CurrentState == Halted.Name ? rollout.Progress.ReturnState : rollout.CurrentState;
        rollout.Progress = rollout.Progress with { ReturnState = state };
        rollout.Decision = new(RolloutActs.Pause, message.Actor, message.Reason);
    }

    /// <summary>What was being looked at is looked at anew: samples from before the pause say nothing about after it.</summary>
    private async Task ResumeAsync(BehaviorContext<RolloutState, ResumeRollout> context)
    {
        var (rollout, message) = (context.Saga, context.Message);
        var state = rollout.Progress.ReturnState!;
        rollout.Progress = rollout.Progress with { ReturnState = null, PhaseSeconds = 0, PhaseStartedAt = message.At };
        rollout.Decision = new(RolloutActs.Resume, message.Actor, message.Reason);
        await context.TransitionToState(ByName(state));
    }

    private static void Abort(RolloutState rollout, AbortRollout message)
    {
        End(rollout, message.At);
        rollout.Decision = new(
            RolloutActs.Abort,
            message.Actor,
            $"Rollout {rollout.Number} was aborted. {message.Reason}",
            Restores: true
        );
    }

    private static void End(RolloutState rollout, DateTimeOffset now) =>
        (rollout.Active, rollout.EndedAt) = (false, now);

    private State ByName(string name) =>
        name == Observing.Name ? Observing
        : name == Wave.Name ? Wave
        : name == Baking.Name ? Baking
        : name == Waiting.Name ? Waiting
        : Comparing;

    private static string? Refused(RolloutState rollout, FleetView fleet) =>
        rollout
            .Progress.Nodes.Select(node => fleet.Last(node.Node))
            .Where(sample => sample?.RefusedVersion == rollout.Candidate)
            .Select(sample => $"{sample!.Node} refuses version {rollout.Candidate}: {sample.Refusal}")
            .FirstOrDefault();

    private static List<string> Silent(RolloutState rollout, FleetView fleet) =>
        [.. rollout.Progress.Nodes.Select(node => node.Node).Where(node => fleet.Last(node) is null)];
}
