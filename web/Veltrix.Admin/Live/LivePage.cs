using Microsoft.AspNetCore.Components;

namespace Veltrix.Admin.Live;

/// <summary>A page that is drawn anew when what it watches changes, and stops watching when it is left.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private Action? _unwatch;
    private bool _isLoading;

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

    /// <summary>Reads what the page shows, unless that is under way; a page that is left meanwhile needs no more.</summary>
    protected async Task LoadOnceAsync(Func<Task> load)
    {
        if (_isLoading)
            return;
        _isLoading = true;
        try
        {
            await load();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            _isLoading = false;
        }
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
