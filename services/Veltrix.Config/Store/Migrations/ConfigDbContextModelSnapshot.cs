using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Veltrix.Config.Store.Migrations;

/// <summary>
/// The model after the last migration. The design tools that would write it do not run everywhere this is built; it is kept
/// by hand, and EF Core refuses to migrate when model and snapshot differ.
/// </summary>
[DbContext(typeof(ConfigDbContext))]
internal sealed class ConfigDbContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
        modelBuilder.UseIdentityByDefaultColumns();
        modelBuilder.Entity(
            "Veltrix.Config.Store.StoredVersion",
            version =>
            {
                version.Property<int>("Number").HasColumnType("integer").HasColumnName("number");
                version.Property<int?>("Parent").HasColumnType("integer").HasColumnName("parent");
                version.Property<string>("Hash").IsRequired().HasColumnType("text").HasColumnName("hash");
                version.Property<string>("Author").IsRequired().HasColumnType("text").HasColumnName("author");
                version.Property<string>("Reason").IsRequired().HasColumnType("text").HasColumnName("reason");
                version
                    .Property<DateTimeOffset>("PublishedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("published_at");
                version.Property<string>("Document").IsRequired().HasColumnType("json").HasColumnName("document");
                version.Property<Guid>("Publication").HasColumnType("uuid").HasColumnName("publication");
                version.Property<string>("ChainHash").IsRequired().HasColumnType("text").HasColumnName("chain_hash");
                version.Property<string>("Diagnosis").HasColumnType("json").HasColumnName("diagnosis");
                version.HasKey("Number");
                version.ToTable("configuration_versions");
            }
        );
        modelBuilder.Entity(
            "Veltrix.Config.Rollouts.RolloutState",
            rollout =>
            {
                rollout.Property<Guid>("CorrelationId").HasColumnType("uuid").HasColumnName("id");
                rollout.Property<int>("Number").HasColumnType("integer").HasColumnName("number");
                rollout.Property<string>("CurrentState").IsRequired().HasColumnType("text").HasColumnName("state");
                rollout.Property<bool>("Active").HasColumnType("boolean").HasColumnName("active");
                rollout
                    .Property<int>("Revision")
                    .IsConcurrencyToken()
                    .HasColumnType("integer")
                    .HasColumnName("revision");
                rollout.Property<int>("Proposal").HasColumnType("integer").HasColumnName("proposal");
                rollout.Property<int>("Base").HasColumnType("integer").HasColumnName("base");
                rollout.Property<int>("Candidate").HasColumnType("integer").HasColumnName("candidate");
                rollout.Property<int>("Wave").HasColumnType("integer").HasColumnName("wave");
                rollout.Property<string>("Author").IsRequired().HasColumnType("text").HasColumnName("author");
                rollout.Property<string>("Reason").IsRequired().HasColumnType("text").HasColumnName("reason");
                rollout
                    .Property<DateTimeOffset>("StartedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("started_at");
                rollout
                    .Property<DateTimeOffset?>("EndedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("ended_at");
                rollout.Property<int?>("RestoredBy").HasColumnType("integer").HasColumnName("restored_by");
                rollout.Property<string>("Detail").IsRequired().HasColumnType("json").HasColumnName("detail");
                rollout.HasKey("CorrelationId");
                rollout.ToTable("rollouts");
            }
        );
        modelBuilder.Entity(
            "Veltrix.Config.Store.StoredProposal",
            proposal =>
            {
                proposal.Property<int>("Number").HasColumnType("integer").HasColumnName("number");
                proposal.Property<int>("Base").HasColumnType("integer").HasColumnName("base");
                proposal.Property<string>("Hash").IsRequired().HasColumnType("text").HasColumnName("hash");
                proposal.Property<string>("Document").IsRequired().HasColumnType("json").HasColumnName("document");
                proposal.Property<string>("Author").IsRequired().HasColumnType("text").HasColumnName("author");
                proposal.Property<string>("Reason").IsRequired().HasColumnType("text").HasColumnName("reason");
                proposal
                    .Property<DateTimeOffset>("ProposedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("proposed_at");
                proposal.Property<string>("State").IsRequired().HasColumnType("text").HasColumnName("state");
                proposal.Property<string>("Approver").HasColumnType("text").HasColumnName("approver");
                proposal
                    .Property<DateTimeOffset?>("ApprovedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("approved_at");
                proposal.Property<int?>("Version").HasColumnType("integer").HasColumnName("version");
                proposal.Property<string[]>("Warnings").IsRequired().HasColumnType("text[]").HasColumnName("warnings");
                proposal.HasKey("Number");
                proposal.ToTable("proposals");
            }
        );
        modelBuilder.Entity(
            "Veltrix.Config.Store.StoredPolicy",
            policy =>
            {
                policy.Property<int>("Id").HasColumnType("integer").HasColumnName("id");
                policy.Property<bool>("FourEyes").HasColumnType("boolean").HasColumnName("four_eyes");
                policy.Property<string>("FrozenBy").HasColumnType("text").HasColumnName("frozen_by");
                policy
                    .Property<DateTimeOffset?>("FrozenAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("frozen_at");
                policy.Property<string>("FrozenReason").HasColumnType("text").HasColumnName("frozen_reason");
                policy.Property<string>("WaiverAskedBy").HasColumnType("text").HasColumnName("waiver_asked_by");
                policy
                    .Property<DateTimeOffset?>("WaiverAskedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("waiver_asked_at");
                policy.Property<string>("WaiverReason").HasColumnType("text").HasColumnName("waiver_reason");
                policy.HasKey("Id");
                policy.ToTable("policy");
            }
        );
        modelBuilder.Entity(
            "Veltrix.Config.Store.StoredPin",
            pin =>
            {
                pin.Property<string>("Path").HasColumnType("text").HasColumnName("path");
                pin.Property<string>("PinnedBy").IsRequired().HasColumnType("text").HasColumnName("pinned_by");
                pin.Property<DateTimeOffset>("PinnedAt")
                    .HasColumnType("timestamp with time zone")
                    .HasColumnName("pinned_at");
                pin.Property<string>("Reason").IsRequired().HasColumnType("text").HasColumnName("reason");
                pin.HasKey("Path");
                pin.ToTable("pins");
            }
        );
        modelBuilder.Entity(
            "Veltrix.Config.Store.StoredAct",
            act =>
            {
                act.Property<long>("Number")
                    .ValueGeneratedOnAdd()
                    .HasColumnType("bigint")
                    .HasColumnName("number")
                    .UseIdentityAlwaysColumn();
                act.Property<Guid>("Id").HasColumnType("uuid").HasColumnName("id");
                act.Property<DateTimeOffset>("At").HasColumnType("timestamp with time zone").HasColumnName("at");
                act.Property<string>("Actor").IsRequired().HasColumnType("text").HasColumnName("actor");
                act.Property<string>("Act").IsRequired().HasColumnType("text").HasColumnName("act");
                act.Property<int?>("Proposal").HasColumnType("integer").HasColumnName("proposal");
                act.Property<int?>("Version").HasColumnType("integer").HasColumnName("version");
                act.Property<string>("Path").HasColumnType("text").HasColumnName("path");
                act.Property<string>("Reason").IsRequired().HasColumnType("text").HasColumnName("reason");
                act.HasKey("Number");
                act.ToTable("audit");
            }
        );
    }
}
