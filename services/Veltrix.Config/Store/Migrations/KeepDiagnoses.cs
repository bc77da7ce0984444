using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>The doctor's report of each version; null for those that were published before reports were kept.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121030000_KeepDiagnoses")]
internal sealed class KeepDiagnoses : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table configuration_versions add column diagnosis json;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table configuration_versions drop column diagnosis;");
}
