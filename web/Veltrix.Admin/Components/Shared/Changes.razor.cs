using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Veltrix.Configuration.Differences;

namespace Veltrix.Admin.Components.Shared;

/// <summary>What changes from one configuration to another, by meaning, and what that does.</summary>
public sealed partial class Changes
{
    private const int LongestShown = 400;

    [Parameter, EditorRequired]
    public ConfigurationDifferences Of { get; set; } = null!;

    private static string Shown(JsonElement? value) =>
        value?.GetRawText() switch
        {
            null => Format.Nothing,
            { Length: > LongestShown } text => $"{text.AsSpan(0, LongestShown)}…",
            var text => text,
        };

    private static string Shown(double? value, string unit) =>
        (value, unit) switch
        {
            (null, _) => "no bound",
            ({ } number, "bytes") => Format.Bytes((long)number),
            ({ } number, "seconds") => Format.Milliseconds(number * 1_000),
            ({ } number, "milliseconds") => Format.Milliseconds(number),
            ({ } number, _) => $"{Format.Rate(number)} {unit}",
        };
}
