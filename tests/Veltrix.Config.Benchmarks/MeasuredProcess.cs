using System.Diagnostics;

namespace Veltrix.Config.Benchmarks;

/// <summary>A server that runs while it is measured; its output is kept for the error message only.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    private const int KeptLines = 50;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private MeasuredProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Id => _process.Id;

    /// <summary>Starts it and waits until <paramref name="health"/> answers with success.</summary>
    public static async Task<MeasuredProcess> StartAsync(
        ProcessStartInfo start,
        Uri health,
        CancellationToken cancellation
    )
    {
        var process = new MeasuredProcess(start);
        try
        {
            process._process.Start();
            process._process.BeginOutputReadLine();
            process._process.BeginErrorReadLine();
            await process.WaitAsync(health, cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(Uri health, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended:\n{Output()}");
            try
            {
                using var answer = await client.GetAsync(health, limit.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
                _lines.Dequeue();
        }
    }

    private string Output()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }
}
