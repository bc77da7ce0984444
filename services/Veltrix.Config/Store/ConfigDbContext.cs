using Microsoft.EntityFrameworkCore;

namespace Veltrix.Config.Store;

public sealed class ConfigDbContext(DbContextOptions<ConfigDbContext> options) : DbContext(options)
{
    public DbSet<StoredVersion> Versions => Set<StoredVersion>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => Configure(modelBuilder);

    internal static void Configure(ModelBuilder modelBuilder) =>
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
        });
}
