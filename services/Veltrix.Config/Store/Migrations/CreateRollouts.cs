using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>Rollouts, and the samples that they judge by.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121040000_CreateRollouts")]
internal sealed class CreateRollouts : Migration
{
    // Replicas hear of a change only when it changes who gets which version.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table rollouts (
                id          uuid primary key,
                number      integer not null unique check (number >= 1),
                state       text not null,
                active      boolean not null,
                revision    integer not null,
                proposal    integer not null references proposals (number) deferrable initially deferred,
                base        integer not null references configuration_versions (number) deferrable initially deferred,
                candidate   integer not null unique
                            references configuration_versions (number) deferrable initially deferred,
                wave        integer not null,
                author      text not null,
                reason      text not null,
                started_at  timestamp with time zone not null,
                ended_at    timestamp with time zone,
                restored_by integer references configuration_versions (number) deferrable initially deferred,
                detail      json not null,
                check (active = (ended_at is null))
            );
            create unique index rollouts_one_active on rollouts (active) where active;

            create function announce_rollout() returns trigger language plpgsql as $$
            begin
                perform pg_notify('veltrix_configuration', new.candidate::text);
                return null;
            end
            $$;

            create trigger rollouts_announce_change
                after update on rollouts
                for each row when (old.wave is distinct from new.wave or old.active is distinct from new.active)
                execute function announce_rollout();

            create table rollout_samples (
                node            text not null,
                service         text not null,
                at              timestamp with time zone not null,
                version         integer,
                refused_version integer,
                refusal         text,
                events          double precision not null,
                errors          double precision not null,
                p99_ms          double precision,
                primary key (node, at)
            );
            create index rollout_samples_by_time on rollout_samples (at);
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            drop table rollout_samples;
            drop table rollouts;
            drop function announce_rollout();
            """
        );
}
