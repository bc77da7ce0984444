using Veltrix.Config.Benchmarks;

// tools/benchmark-config [ROW...]; what each row measures stands in docs/benchmarks.md.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};
await new ConfigBenchmark(Console.Out, stop.Token).RunAsync(args);
