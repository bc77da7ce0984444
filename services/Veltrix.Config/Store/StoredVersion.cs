using Veltrix.Configuration;
using Veltrix.Configuration.History;

namespace Veltrix.Config.Store;

/// <summary>A row of <c>configuration_versions</c>: written once, never changed; a trigger sees to it.</summary>
public sealed class StoredVersion
{
    public required int Number { get; init; }
    public required int? Parent { get; init; }
    public required string Hash { get; init; }
    public required string Author { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>The canonical bytes that <see cref="Hash"/> was computed from, as text.</summary>
    public required string Document { get; init; }

    /// <summary>Names the attempt that wrote the row, so that a lost answer to a commit can be told from a lost commit.</summary>
    public required Guid Publication { get; init; }

    /// <summary>Seals the version and all before it; see <see cref="HashChain"/>.</summary>
    public required string ChainHash { get; init; }

    /// <summary>The doctor's report at the time, as JSON; null for a version that was published before reports were kept.</summary>
    public string? Diagnosis { get; init; }

    public ConfigurationVersion ToVersion() => ToVersion(StoredDocument.Read(Document));

    /// <summary>The version, by who knows already what <see cref="Document"/> says.</summary>
    public ConfigurationVersion ToVersion(PlatformConfiguration configuration) =>
        new(Number, Parent, Hash, Author, Reason, PublishedAt, configuration);

    public ChainLink ToLink() => new(Number, Parent, Hash, Author, Reason, PublishedAt, HashChain.HashOf(Diagnosis));
}
