using MassTransit;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// A hunt from its start to its end. It is never removed when it ends: a start that is delivered again must find it
/// ended, not begin it anew. Nothing here may have a side effect but the instance itself, since a batch may be repeated.
/// </summary>
public sealed class HuntStateMachine : MassTransitStateMachine<HuntState>
{
    private readonly IPlatformConfiguration _configuration;
    private readonly TimeProvider _time;

    /// <summary>Describes the machine.</summary>
    public HuntStateMachine(IPlatformConfiguration configuration, TimeProvider time)
    {
        _configuration = configuration;
        _time = time;
        InstanceState(hunt => hunt.CurrentState);
        Event(() => Started, correlation => correlation.CorrelateById(context => context.Message.CorrelationId));
        Event(() => ClueFound, NotWithoutStart);
        Event(() => TreasureClaimed, NotWithoutStart);
        Event(() => GivenUp, NotWithoutStart);

        Initially(When(Started).Then(Begin).TransitionTo(Hunting));
        During(
            Hunting,
            Ignore(Started),
            When(ClueFound).Then(context => context.Saga.Find(context.Message.Clue)),
            When(TreasureClaimed).Then(context => End(context.Saga, context.Message)).TransitionTo(Completed),
            When(GivenUp).Then(context => End(context.Saga, context.Message)).TransitionTo(Abandoned)
        );
        // What comes after the end, late or once more with another id, is noted in the history and changes nothing.
        During(
            Completed,
            Abandoned,
            TimedOut,
            Ignore(Started),
            Ignore(ClueFound),
            Ignore(TreasureClaimed),
            Ignore(GivenUp)
        );
    }

    /// <summary>Players look for clues.</summary>
    public State Hunting { get; private set; } = null!;

    /// <summary>The treasure was claimed.</summary>
    public State Completed { get; private set; } = null!;

    /// <summary>The hunt was given up.</summary>
    public State Abandoned { get; private set; } = null!;

    /// <summary>The deadline passed; <see cref="HuntTimeoutService"/> brings hunts here.</summary>
    public State TimedOut { get; private set; } = null!;

    /// <summary>A hunt begins.</summary>
    public Event<HuntBegan> Started { get; private set; } = null!;

    /// <summary>A player found a clue.</summary>
    public Event<HuntClueFound> ClueFound { get; private set; } = null!;

    /// <summary>A player claimed the treasure.</summary>
    public Event<HuntTreasureClaimed> TreasureClaimed { get; private set; } = null!;

    /// <summary>The hunt was given up.</summary>
    public Event<HuntGivenUp> GivenUp { get; private set; } = null!;

    /// <summary>Without this MassTransit drops an event whose instance it does not find, silently.</summary>
    private static void NotWithoutStart<T>(IEventCorrelationConfigurator<HuntState, T> correlation)
        where T : HuntEvent
    {
        correlation.CorrelateById(context => context.Message.CorrelationId);
        correlation.OnMissingInstance(missing => missing.Fault());
    }

    private static void End(HuntState hunt, HuntEvent message) => hunt.EndedAt = message.At;

    private void Begin(BehaviorContext<HuntState, HuntBegan> context)
    {
        var (hunt, message) = (context.Saga, context.Message);
        hunt.HuntId = message.HuntId;
        hunt.Name = message.Name;
        hunt.Clues = message.Clues;
        hunt.StartedAt = message.At;
        // By this node's clock, not the event's: a hunt that was long in Kafka has the whole time before it.
        hunt.DeadlineAt =
            _time.GetUtcNow() + TimeSpan.FromMinutes(_configuration.Current.Configuration.Workflows.HuntTimeoutMinutes);
    }
}
