using System.Threading.Channels;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Lines of all resources, each behind the name of its source. A terminal that is slow or stopped must not stop the
/// services: lines wait in a bounded queue, and the oldest fall out.
/// </summary>
internal sealed class ConsoleOutput : IAsyncDisposable
{
    private const int MostWaitingLines = 8192;

    // Cyan, yellow, green, magenta, blue and their bright kin; red is for errors.
    private static readonly int[] Palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostWaitingLines)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        }
    );
    private readonly Task _writing;
    private readonly int _widthCharacters;

    /// <param name="names">The sources; a source's colour is its place among them.</param>
    /// <param name="writer">Where the lines go; not disposed when it is the console's.</param>
    public ConsoleOutput(IReadOnlyList<string> names, TextWriter writer)
    {
        Names = names;
        Writer = writer;
        UsesColour =
            writer == Console.Out
            && !Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        _widthCharacters = names.Append("apphost").Max(name => name.Length);
        _writing = WriteAsync();
    }

    public bool UsesColour { get; }

    private IReadOnlyList<string> Names { get; }

    private TextWriter Writer { get; }

    public void Line(string source, string text)
    {
        var prefix = source.PadRight(_widthCharacters);
        var index = Names.TakeWhile(name => name != source).Count();
        _lines.Writer.TryWrite(
            UsesColour && index < Names.Count
                ? $"\e[{Palette[index % Palette.Length]}m{prefix} |\e[0m {text}"
                : $"{prefix} | {text}"
        );
    }

    /// <summary>Text of several lines that stands for itself, such as the table.</summary>
    public void Block(string text) => _lines.Writer.TryWrite(text);

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
            await Writer.WriteLineAsync(line);
        if (Writer != Console.Out)
            await Writer.DisposeAsync();
    }
}
