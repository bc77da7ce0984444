using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>Names of nodes and services: they stand in addresses, in PostgreSQL, and on one line of a log.</summary>
internal static class NodeName
{
    public const int MaximumCharacters = 128;

    public static bool Is(string name) => OneLine.Is(name, MaximumCharacters) && !name.Contains('/');
}
