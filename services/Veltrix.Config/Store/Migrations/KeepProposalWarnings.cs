using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>Which of the doctor's warnings a proposal was made or approved with; none for those that wait from before.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121060000_KeepProposalWarnings")]
internal sealed class KeepProposalWarnings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table proposals add column warnings text[] not null default '{}';");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table proposals drop column warnings;");
}
