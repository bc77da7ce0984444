using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>Appends versions: the only way into the history.</summary>
public sealed class VersionWriter(PublicationGate gate, ProposalCheck check)
{
    // Compiled once: every watcher waits for a publication.
    private static readonly Func<ConfigDbContext, CancellationToken, Task<StoredVersion?>> Newest =
        EF.CompileAsyncQuery(
            (ConfigDbContext database, CancellationToken _) =>
                database.Versions.AsNoTracking().OrderByDescending(row => row.Number).FirstOrDefault()
        );

    /// <summary>Appends a version, unless the current one is not what <paramref name="mayFollow"/> agrees to, or the gate refuses.</summary>
    public async Task<Outcome<ConfigurationVersion>> AppendAsync(
        Act act,
        VersionDraft draft,
        Func<int?, bool> mayFollow,
        CancellationToken cancellation
    )
    {
        var current = await Newest(act.Database, cancellation);
        if (!mayFollow(current?.Number))
            return new Refusal(ErrorCatalogue.StaleVersion, $"The current version is {current?.Number}.");
        var inForce = current is null ? null : StoredDocument.Read(current.Document);
        var verdict = check.Check(draft.Configuration, inForce);
        if (
            await gate.RefusalAsync(
                act.Database,
                draft.Configuration,
                verdict,
                inForce,
                draft.Proposal,
                cancellation
            ) is
            { } refusal
        )
            return refusal;
        if (
            draft is { IsExplained: false, Proposal: { } proposal }
            && Warnings.Refusal(verdict, proposal) is { } unexplained
        )
            return unexplained;
        var row = Row(act, draft, verdict, current);
        act.Database.Versions.Add(row);
        return row.ToVersion(draft.Configuration);
    }

    /// <summary>
    /// Appends a version with the document of an earlier one, past the gate: what takes a bad version back must not be
    /// stopped by a freeze, a pin or a missing approval. Returns its number.
    /// </summary>
    public async Task<int> RestoreAsync(
        Act act,
        int number,
        string author,
        string reason,
        CancellationToken cancellation
    )
    {
        var earlier = await act.Database.Versions.AsNoTracking().SingleAsync(row => row.Number == number, cancellation);
        var current = (await Newest(act.Database, cancellation))!;
        var draft = new VersionDraft(StoredDocument.Read(earlier.Document), author, reason);
        // The doctor's report is kept like any other; here it is no gate either.
        var verdict = check.Check(draft.Configuration, StoredDocument.Read(current.Document));
        var row = Row(act, draft, verdict, current);
        act.Database.Versions.Add(row);
        return row.Number;
    }

    private static StoredVersion Row(Act act, VersionDraft draft, ProposalVerdict verdict, StoredVersion? parent)
    {
        var document = CanonicalJson.Write(draft.Configuration);
        var report = JsonSerializer.Serialize(new Diagnosis(verdict.Findings), ConfigurationJson.Default.Diagnosis);
        var link = new ChainLink(
            (parent?.Number ?? 0) + 1,
            parent?.Number,
            CanonicalJson.Hash(document),
            draft.Author,
            draft.Reason,
            act.Now,
            HashChain.HashOf(report)
        );
        return new()
        {
            Number = link.Number,
            Parent = link.Parent,
            Hash = link.Hash,
            Author = link.Author,
            Reason = link.Reason,
            PublishedAt = link.PublishedAt,
            Document = Encoding.UTF8.GetString(document),
            Publication = act.Id,
            ChainHash = HashChain.Hash(parent?.ChainHash, link),
            Diagnosis = report,
        };
    }
}
