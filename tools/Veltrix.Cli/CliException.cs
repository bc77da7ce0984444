using Veltrix.Events;

namespace Veltrix.Cli;

/// <summary>Ends the command; what it says is what the user reads.</summary>
internal sealed class CliException(string code, string title, string? detail, string? fix) : Exception(detail ?? title)
{
    public CliException(Error error, string? detail = null)
        : this(error.Code, error.Title, detail ?? error.Cause, error.Fix) { }

    public string Code => code;
    public string Title => title;
    public string? Fix => fix;

    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; init; } = Cli.ExitCode.CouldNotRun;
}
