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
                version.HasKey("Number");
                version.ToTable("configuration_versions");
            }
        );
    }
}
