using System.CommandLine;
using Veltrix.Events;

namespace Veltrix.Cli.Broker;

/// <summary><c>veltrix broker inspect</c>: reads every batch, and says what does not fit.</summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _path = new("path")
    {
        Description = "A segment (.log), a partition's directory, or the broker's data directory",
    };
    private readonly Option<bool> _batches = new("--batches") { Description = "Print each batch, too" };

    public Command Create(CliContext context)
    {
        var command = new Command(
            "inspect",
            "Print and verify the segments of a broker: checksums, offsets, what follows the last whole batch"
        )
        {
            _path,
            _batches,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(Run(parsed.GetRequiredValue(_path), parsed.GetValue(_batches), context, cancellation))
        );
        return command;
    }

    private static int Run(string path, bool printsBatches, CliContext context, CancellationToken cancellation)
    {
        var full = Path.GetFullPath(path, context.WorkingDirectory);
        var partitions = Find(full).GroupBy(file => Path.GetDirectoryName(file)!, StringComparer.Ordinal).ToList();
        if (partitions.Count == 0)
            throw new CliException(ErrorCatalogue.UnreadableInput, $"There is no segment (*.log) at {full}.");
        var faults = 0;
        foreach (var partition in partitions)
        {
            context.Out.WriteLine(Path.GetFileName(partition.Key));
            var next = 0L;
            foreach (var file in partition)
            {
                cancellation.ThrowIfCancellationRequested();
                var segment = SegmentInspection.Read(file, next, printsBatches ? context.Out : TextWriter.Null);
                context.Out.WriteLine($"  {segment.Summary}");
                foreach (var fault in segment.Faults)
                    context.Out.WriteLine($"    fault: {fault}");
                faults += segment.Faults.Count;
                next = segment.NextOffset;
            }
        }
        context.Out.WriteLine(faults == 0 ? "No faults." : $"{faults} faults.");
        return faults == 0 ? ExitCode.Success : ExitCode.BadResult;
    }

    private static IEnumerable<string> Find(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        : [];
}
