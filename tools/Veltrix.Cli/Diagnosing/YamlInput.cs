using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Veltrix.Cli.Diagnosing;

/// <summary>Turns YAML into the JSON that it stands for.</summary>
internal static class YamlInput
{
    /// <summary>Whether the name of <paramref name="file"/> says that it is YAML.</summary>
    public static bool Is(string file) => Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml";

    /// <exception cref="YamlException">The text is not YAML, or a key stands there twice.</exception>
    public static byte[] ToJson(byte[] utf8Yaml)
    {
        var graph = new DeserializerBuilder()
            // Plain 5 and true are a number and a truth value, quoted ones are text, as YAML's core schema has it.
            .WithAttemptingUnquotedStringTypeDeserialization()
            .WithDuplicateKeyChecking()
            .Build()
            .Deserialize<object?>(Encoding.UTF8.GetString(utf8Yaml));
        return Encoding.UTF8.GetBytes(new SerializerBuilder().JsonCompatible().Build().Serialize(graph));
    }
}
