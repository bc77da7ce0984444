using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>Reads lines of bounded length: a child that never ends a line must not fill the AppHost's memory.</summary>
internal static class BoundedLineReader
{
    private const int LongestLineCharacters = 16 * 1024;

    /// <summary>Hands each line to <paramref name="handle"/> until the stream ends; a longer line is cut into several.</summary>
    public static async Task ReadAsync(TextReader reader, Action<string> handle)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            for (var start = 0; start < count; )
            {
                var newline = Array.IndexOf(buffer, '\n', start, count - start);
                var end = newline < 0 ? count : newline;
                line.Append(buffer, start, end - start);
                if (newline >= 0 || line.Length >= LongestLineCharacters)
                    Flush();
                start = end + 1;
            }
        }
        if (line.Length > 0)
            Flush();

        void Flush()
        {
            handle(line.ToString().TrimEnd('\r'));
            line.Clear();
        }
    }
}
