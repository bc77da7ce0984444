using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Veltrix.Admin.Components.Shared;

/// <summary>Indented JSON with a quiet colour for what is a name and what a value.</summary>
public sealed partial class JsonText
{
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    private IEnumerable<Line> Lines =>
        Text.Split('\n')
            .Select(line => IndentedLine().Match(line))
            .Select(match => new Line(
                match.Groups["indent"].Value,
                match.Groups["name"] is { Success: true, Value: var name } ? name : null,
                match.Groups["value"].Value,
                Kind(match.Groups["value"].Value)
            ));

    private static string Kind(string value) =>
        value switch
        {
            ['"', ..] => "string",
            ['{' or '}' or '[' or ']', ..] => "mark",
            _ => "literal",
        };

    // `    "workers": 2,` is indent, name and value; `  },` has no name.
    [GeneratedRegex(
        """^(?<indent>\s*)(?<name>"(?:[^"\\]|\\.)*": )?(?<value>.*)$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex IndentedLine();

    private sealed record Line(string Indent, string? Name, string Value, string Kind);
}
