using Spectre.Console;

namespace Veltrix.Cli.Output;

/// <summary>A progress bar on standard error while work runs; nothing at all where standard error is not a terminal.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> RunAsync<T>(CliContext context, Func<IProgressDisplay, Task<T>> work)
    {
        if (!ReferenceEquals(context.Error, Console.Error) || Console.IsErrorRedirected)
            return await work(new Silent());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn(),
                new SpinnerColumn()
            )
            .StartAsync(progress => work(new Bars(progress)));
    }

    private sealed class Silent : IProgressDisplay
    {
        public void Report(string step, double done, double total) { }
    }

    private sealed class Bars(ProgressContext progress) : IProgressDisplay
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);

        public void Report(string step, double done, double total)
        {
            lock (_lock)
            {
                if (!_tasks.TryGetValue(step, out var task))
                    _tasks[step] = task = progress.AddTask(step);
                task.IsIndeterminate = total <= 0;
                task.MaxValue = Math.Max(total, 1);
                task.Value = Math.Min(done, task.MaxValue);
            }
        }
    }
}

/// <summary>Shows how far each step is.</summary>
internal interface IProgressDisplay
{
    /// <summary>A total of 0 is one that is not known.</summary>
    void Report(string step, double done, double total);
}
