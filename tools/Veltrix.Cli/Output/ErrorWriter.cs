namespace Veltrix.Cli.Output;

internal static class ErrorWriter
{
    public static void Write(TextWriter writer, CliException error)
    {
        writer.WriteLine($"error {error.Code}: {error.Title}");
        if (error.Message != error.Title)
            writer.WriteLine($"  {error.Message}");
        if (error.Fix is not null)
            writer.WriteLine($"  Fix: {error.Fix}");
    }
}
