namespace Veltrix.Cli;

/// <summary>What surrounds one run of the command line.</summary>
/// <param name="Out">Results only, so that scripts can read them.</param>
/// <param name="Error">Everything else: progress, warnings, errors.</param>
/// <param name="OpenInput">Opens standard input.</param>
/// <param name="WorkingDirectory">Where the search for the running platform begins.</param>
internal sealed record CliContext(TextWriter Out, TextWriter Error, Func<Stream> OpenInput, string WorkingDirectory);
