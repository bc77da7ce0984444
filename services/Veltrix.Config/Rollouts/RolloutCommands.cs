using System.Runtime.ExceptionServices;
using MassTransit;
using MassTransit.Mediator;
using Veltrix.Config.Acts;
using Veltrix.Events;

namespace Veltrix.Config.Rollouts;

/// <summary>Sends messages to rollouts. MassTransit's mediator runs the saga before it returns, so the caller learns what became of it.</summary>
internal sealed class RolloutCommands(IMediator mediator)
{
    /// <summary>Null when the message was taken; else why not.</summary>
    public async Task<Refusal?> SendAsync<T>(T message, CancellationToken cancellation)
        where T : class
    {
        try
        {
            await mediator.Send(message, cancellation);
            return null;
        }
        catch (Exception exception) when (Find<RolloutRefusedException>(exception) is { } refused)
        {
            return refused.Refusal;
        }
        catch (Exception exception) when (Find<UnhandledEventException>(exception) is { } unhandled)
        {
            return new(ErrorCatalogue.RolloutNotInState, unhandled.Message);
        }
        catch (SagaException exception) when (exception.InnerException is { } cause)
        {
            // The caller knows how to answer a store that is away, not MassTransit's wrapping of it.
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
            exception = exception.InnerException;
        return (T?)exception;
    }
}
