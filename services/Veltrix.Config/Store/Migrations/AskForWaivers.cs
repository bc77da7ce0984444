using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>Who asked to require four eyes no longer: it takes another to agree.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121070000_AskForWaivers")]
internal sealed class AskForWaivers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            alter table policy
                add column waiver_asked_by text,
                add column waiver_asked_at timestamp with time zone,
                add column waiver_reason   text;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            alter table policy
                drop column waiver_asked_by,
                drop column waiver_asked_at,
                drop column waiver_reason;
            """
        );
}
