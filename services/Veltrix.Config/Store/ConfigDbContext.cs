using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Rollouts;

namespace Veltrix.Config.Store;

public sealed class ConfigDbContext(DbContextOptions<ConfigDbContext> options) : DbContext(options)
{
    public DbSet<StoredVersion> Versions => Set<StoredVersion>();

    public DbSet<StoredProposal> Proposals => Set<StoredProposal>();

    public DbSet<StoredPolicy> Policy => Set<StoredPolicy>();

    public DbSet<StoredPin> Pins => Set<StoredPin>();

    public DbSet<StoredAct> Audit => Set<StoredAct>();

    public DbSet<RolloutState> Rollouts => Set<RolloutState>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<StoredVersion>(version =>
        {
            version.ToTable("configuration_versions");
            version.HasKey(row => row.Number);
            version.Property(row => row.Number).HasColumnName("number").ValueGeneratedNever();
            version.Property(row => row.Parent).HasColumnName("parent");
            version.Property(row => row.Hash).HasColumnName("hash").IsRequired();
            version.Property(row => row.Author).HasColumnName("author").IsRequired();
            version.Property(row => row.Reason).HasColumnName("reason").IsRequired();
            version.Property(row => row.PublishedAt).HasColumnName("published_at");
            version.Property(row => row.Document).HasColumnName("document").HasColumnType("json").IsRequired();
            version.Property(row => row.Publication).HasColumnName("publication");
            version.Property(row => row.ChainHash).HasColumnName("chain_hash").IsRequired();
            version.Property(row => row.Diagnosis).HasColumnName("diagnosis").HasColumnType("json");
        });
        modelBuilder.Entity<StoredProposal>(proposal =>
        {
            proposal.ToTable("proposals");
            proposal.HasKey(row => row.Number);
            proposal.Property(row => row.Number).HasColumnName("number").ValueGeneratedNever();
            proposal.Property(row => row.Base).HasColumnName("base");
            proposal.Property(row => row.Hash).HasColumnName("hash").IsRequired();
            proposal.Property(row => row.Document).HasColumnName("document").HasColumnType("json").IsRequired();
            proposal.Property(row => row.Author).HasColumnName("author").IsRequired();
            proposal.Property(row => row.Reason).HasColumnName("reason").IsRequired();
            proposal.Property(row => row.ProposedAt).HasColumnName("proposed_at");
            proposal.Property(row => row.State).HasColumnName("state").HasColumnType("text").HasConversion<string>();
            proposal.Property(row => row.Approver).HasColumnName("approver");
            proposal.Property(row => row.ApprovedAt).HasColumnName("approved_at");
            proposal.Property(row => row.Version).HasColumnName("version");
            proposal.Property(row => row.Warnings).HasColumnName("warnings").HasColumnType("text[]").IsRequired();
        });
        modelBuilder.Entity<StoredPolicy>(policy =>
        {
            policy.ToTable("policy");
            policy.HasKey(row => row.Id);
            policy.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            policy.Property(row => row.FourEyes).HasColumnName("four_eyes");
            policy.Property(row => row.FrozenBy).HasColumnName("frozen_by");
            policy.Property(row => row.FrozenAt).HasColumnName("frozen_at");
            policy.Property(row => row.FrozenReason).HasColumnName("frozen_reason");
            policy.Property(row => row.WaiverAskedBy).HasColumnName("waiver_asked_by");
            policy.Property(row => row.WaiverAskedAt).HasColumnName("waiver_asked_at");
            policy.Property(row => row.WaiverReason).HasColumnName("waiver_reason");
        });
        modelBuilder.Entity<StoredPin>(pin =>
        {
            pin.ToTable("pins");
            pin.HasKey(row => row.Path);
            pin.Property(row => row.Path).HasColumnName("path");
            pin.Property(row => row.PinnedBy).HasColumnName("pinned_by").IsRequired();
            pin.Property(row => row.PinnedAt).HasColumnName("pinned_at");
            pin.Property(row => row.Reason).HasColumnName("reason").IsRequired();
        });
        modelBuilder.Entity<RolloutState>(rollout =>
        {
            rollout.ToTable("rollouts");
            rollout.HasKey(row => row.CorrelationId);
            rollout.Property(row => row.CorrelationId).HasColumnName("id").ValueGeneratedNever();
            rollout.Property(row => row.Number).HasColumnName("number");
            rollout.Property(row => row.CurrentState).HasColumnName("state").IsRequired();
            rollout.Property(row => row.Active).HasColumnName("active");
            rollout.Property(row => row.Revision).HasColumnName("revision").IsConcurrencyToken();
            rollout.Property(row => row.Proposal).HasColumnName("proposal");
            rollout.Property(row => row.Base).HasColumnName("base");
            rollout.Property(row => row.Candidate).HasColumnName("candidate");
            rollout.Property(row => row.Wave).HasColumnName("wave");
            rollout.Property(row => row.Author).HasColumnName("author").IsRequired();
            rollout.Property(row => row.Reason).HasColumnName("reason").IsRequired();
            rollout.Property(row => row.StartedAt).HasColumnName("started_at");
            rollout.Property(row => row.EndedAt).HasColumnName("ended_at");
            rollout.Property(row => row.RestoredBy).HasColumnName("restored_by");
            rollout.Property(row => row.Detail).HasColumnName("detail").HasColumnType("json").IsRequired();
        });
        modelBuilder.Entity<StoredAct>(act =>
        {
            act.ToTable("audit");
            act.HasKey(row => row.Number);
            act.Property(row => row.Number).HasColumnName("number").UseIdentityAlwaysColumn();
            act.Property(row => row.Id).HasColumnName("id");
            act.Property(row => row.At).HasColumnName("at");
            act.Property(row => row.Actor).HasColumnName("actor").IsRequired();
            act.Property(row => row.Act).HasColumnName("act").IsRequired();
            act.Property(row => row.Proposal).HasColumnName("proposal");
            act.Property(row => row.Version).HasColumnName("version");
            act.Property(row => row.Path).HasColumnName("path");
            act.Property(row => row.Reason).HasColumnName("reason").IsRequired();
        });
    }
}
