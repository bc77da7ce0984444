using System.CommandLine;
using System.CommandLine.Parsing;

namespace Veltrix.Cli.Platform;

/// <summary>The options that every command shares.</summary>
internal sealed class PlatformOptions
{
    private readonly Option<string?> _platform = new("--platform")
    {
        Description = "Directory of the running platform (default: found from here upwards)",
        Recursive = true,
    };

    private readonly Option<Uri?> _ingest = Address("--ingest", "ingest");
    private readonly Option<Uri?> _processor = Address("--processor", "the processor");
    private readonly Option<Uri?> _config = Address("--config-service", "the configuration service");

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "File with the key to use (default: the platform's own secrets)",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _platform, _ingest, _processor, _config, _keyFile })
            command.Options.Add(option);
    }

    public PlatformConnection Connect(ParseResult parsed, CliContext context) =>
        new(
            new PlatformSettings(
                parsed.GetValue(_platform),
                parsed.GetValue(_ingest),
                parsed.GetValue(_processor),
                parsed.GetValue(_config),
                parsed.GetValue(_keyFile)
            ),
            context.WorkingDirectory
        );

    private static Option<Uri?> Address(string name, string service) =>
        new(name)
        {
            Description = $"Address of {service}, for instance http://localhost:5081 (default: as the platform says)",
            Recursive = true,
            CustomParser = result => ParseAddress(result, name),
        };

    private static Uri? ParseAddress(ArgumentResult argument, string name)
    {
        var text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        argument.AddError($"{name}: '{text}' is not an http or https address.");
        return null;
    }
}
