using System.Text;
using System.Text.Json;

namespace Veltrix.Cli.Tests;

/// <summary>One run of the command line, inside the test's process.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Out);
            return document.RootElement.Clone();
        }
    }

    public long Number(string member) => Json.GetProperty(member).GetInt64();

    public static async Task<CliRun> ExecuteAsync(string directory, string[] arguments, string input = "")
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await VeltrixCommand.RunAsync(
            arguments,
            new CliContext(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), directory),
            TestContext.Current.CancellationToken
        );
        return new(code, output.ToString(), error.ToString());
    }
}
