using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>Publishes without a proposal, and rolls back.</summary>
public sealed class VersionActs(ActTransaction transaction, VersionWriter writer)
{
    /// <summary>Publishes when <paramref name="mayFollow"/> agrees to the current number (null: there is none).</summary>
    public Task<Outcome<ConfigurationVersion>> PublishAsync(
        VersionDraft draft,
        Func<int?, bool> mayFollow,
        CancellationToken cancellation
    ) =>
        transaction.RunAsync(
            (act, token) => AppendAsync(act, ConfigurationActs.Publish, draft, mayFollow, token),
            cancellation
        );

    /// <summary>Publishes a new version with the document of <paramref name="number"/>.</summary>
    public Task<Outcome<ConfigurationVersion>> RollBackAsync(
        int number,
        string actor,
        string reason,
        Func<int?, bool> mayFollow,
        CancellationToken cancellation
    ) =>
        transaction.RunAsync<ConfigurationVersion>(
            async (act, token) =>
            {
                var earlier = await act
                    .Database.Versions.AsNoTracking()
                    .SingleOrDefaultAsync(row => row.Number == number, token);
                if (earlier is null)
                    return new Refusal(ErrorCatalogue.UnknownVersion, $"There is no version {number}.");
                var draft = new VersionDraft(StoredDocument.Read(earlier.Document), actor, reason);
                return await AppendAsync(act, ConfigurationActs.RollBack, draft, mayFollow, token);
            },
            cancellation
        );

    private async Task<Outcome<ConfigurationVersion>> AppendAsync(
        Act act,
        string name,
        VersionDraft draft,
        Func<int?, bool> mayFollow,
        CancellationToken cancellation
    )
    {
        var outcome = await writer.AppendAsync(act, draft, mayFollow, cancellation);
        if (outcome.Value is { } version)
            act.Audit(name, draft.Author, draft.Reason, version: version.Number);
        return outcome;
    }
}
