using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Veltrix.Cli.Diagnosing;

/// <summary>Turns YAML into the JSON that it stands for.</summary>
internal static class YamlInput
{
    /// <summary>Whether the name of <paramref name="file"/> says that it is YAML.</summary>
    public static bool Is(string file) => Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml";

    // As System.Text.Json has it; a reader that calls itself for each level needs a limit.
    private const int DeepestNesting = 64;

    /// <exception cref="YamlException">The text is not YAML, a key stands there twice, it is nested too deeply or has aliases.</exception>
    public static byte[] ToJson(byte[] utf8Yaml)
    {
        var text = Encoding.UTF8.GetString(utf8Yaml);
        CheckShape(text);
        var graph = new DeserializerBuilder()
            // Plain 5 and true are a number and a truth value, quoted ones are text, as YAML's core schema has it.
            .WithAttemptingUnquotedStringTypeDeserialization()
            .WithDuplicateKeyChecking()
            .Build()
            .Deserialize<object?>(text);
        return Encoding.UTF8.GetBytes(new SerializerBuilder().JsonCompatible().Build().Serialize(graph));
    }

    // A few aliases of aliases unfold to gigabytes, and no configuration needs one.
    private static void CheckShape(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext(); )
        {
            var current = parser.Current!;
            depth += current.NestingIncrease;
            // The stream and the document are levels of their own.
            if (depth > DeepestNesting + 2)
                throw new YamlException(current.Start, current.End, $"Nested deeper than {DeepestNesting} levels.");
            if (current is AnchorAlias)
                throw new YamlException(current.Start, current.End, "Aliases are not taken.");
        }
    }
}
