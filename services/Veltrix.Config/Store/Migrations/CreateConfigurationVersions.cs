using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

[DbContext(typeof(ConfigDbContext))]
[Migration("20261121000000_CreateConfigurationVersions")]
internal sealed class CreateConfigurationVersions : Migration
{
    // document is json, not jsonb: json keeps the canonical bytes that the hash was computed from.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table configuration_versions (
                number       integer primary key check (number >= 1),
                parent       integer references configuration_versions (number) check (parent = number - 1),
                hash         text not null,
                author       text not null,
                reason       text not null,
                published_at timestamp with time zone not null,
                document     json not null,
                publication  uuid not null unique,
                check (parent is not null or number = 1)
            );

            create function refuse_change_of_configuration_versions() returns trigger language plpgsql as $$
            begin
                raise exception 'configuration_versions is append-only: % refused', tg_op;
            end
            $$;

            create trigger configuration_versions_never_change
                before update or delete or truncate on configuration_versions
                for each statement execute function refuse_change_of_configuration_versions();

            create function announce_configuration_version() returns trigger language plpgsql as $$
            begin
                perform pg_notify('veltrix_configuration', new.number::text);
                return null;
            end
            $$;

            create trigger configuration_versions_announce
                after insert on configuration_versions
                for each row execute function announce_configuration_version();
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            drop table configuration_versions;
            drop function announce_configuration_version();
            drop function refuse_change_of_configuration_versions();
            """
        );
}
