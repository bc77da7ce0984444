using Microsoft.AspNetCore.Components;

namespace Veltrix.Admin.Live;

/// <summary>A page that is drawn anew when what it watches changes, and stops watching when it is left.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private Action? _unwatch;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left => _left.Token;

    /// <summary>Draws the page anew whenever <paramref name="poller"/> has read. Only once the page is interactive: what is prerendered is thrown away.</summary>
    internal void Watch<T>(Poller<T> poller)
        where T : class
    {
        if (!RendererInfo.IsInteractive)
            return;
        poller.Changed += Redraw;
        _unwatch += () => poller.Changed -= Redraw;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unwatch?.Invoke();
        _left.Cancel();
        _left.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called on the page's own thread of work before each redraw that a poller caused.</summary>
    protected virtual Task OnLiveAsync() => Task.CompletedTask;

    private void Redraw() =>
        _ = InvokeAsync(async () =>
        {
            if (_left.IsCancellationRequested)
                return;
            await OnLiveAsync();
            StateHasChanged();
        });
}
