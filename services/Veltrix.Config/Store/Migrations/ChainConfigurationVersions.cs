using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>Adds the chain hash, and computes it for the versions that exist in the form that <c>HashChain</c> documents.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121010000_ChainConfigurationVersions")]
internal sealed class ChainConfigurationVersions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            alter table configuration_versions add column chain_hash text;
            alter table configuration_versions disable trigger configuration_versions_never_change;

            create function pg_temp.chain_line(name text, value text) returns text language sql as $$
                select name || ':' || octet_length(convert_to(value, 'UTF8')) || ':' || value || e'\n'
            $$;

            do $$
            declare
                version record;
                previous text := '';
            begin
                for version in select * from configuration_versions order by number loop
                    previous := encode(sha256(convert_to(
                        e'veltrix-chain-1\n'
                        || pg_temp.chain_line('previous', previous)
                        || pg_temp.chain_line('number', version.number::text)
                        || pg_temp.chain_line('parent', coalesce(version.parent::text, ''))
                        || pg_temp.chain_line('hash', version.hash)
                        || pg_temp.chain_line('author', version.author)
                        || pg_temp.chain_line('reason', version.reason)
                        || pg_temp.chain_line('time', to_char(
                            version.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
                        'UTF8')), 'hex');
                    update configuration_versions set chain_hash = previous where number = version.number;
                end loop;
            end
            $$;

            alter table configuration_versions enable trigger configuration_versions_never_change;
            alter table configuration_versions alter column chain_hash set not null;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table configuration_versions drop column chain_hash;");
}
