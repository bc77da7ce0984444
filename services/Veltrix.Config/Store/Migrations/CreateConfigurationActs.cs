using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>Proposals, the policy that stands before a publication, and the audit of every act.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121020000_CreateConfigurationActs")]
internal sealed class CreateConfigurationActs : Migration
{
    // Deferred: one act writes several of these rows, in an order that EF Core chooses.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table proposals (
                number      integer primary key check (number >= 1),
                base        integer not null references configuration_versions (number),
                hash        text not null,
                document    json not null,
                author      text not null,
                reason      text not null,
                proposed_at timestamp with time zone not null,
                state       text not null check (state in ('Open', 'Approved', 'Published', 'Withdrawn')),
                approver    text,
                approved_at timestamp with time zone,
                version     integer references configuration_versions (number) deferrable initially deferred,
                check ((approver is null) = (approved_at is null)),
                check ((state = 'Published') = (version is not null))
            );

            create table policy (
                id            integer primary key check (id = 1),
                four_eyes     boolean not null,
                frozen_by     text,
                frozen_at     timestamp with time zone,
                frozen_reason text
            );
            insert into policy (id, four_eyes) values (1, false);

            create table pins (
                path      text primary key,
                pinned_by text not null,
                pinned_at timestamp with time zone not null,
                reason    text not null
            );

            create table audit (
                number   bigint generated always as identity primary key,
                id       uuid not null unique,
                at       timestamp with time zone not null,
                actor    text not null,
                act      text not null,
                proposal integer references proposals (number) deferrable initially deferred,
                version  integer references configuration_versions (number) deferrable initially deferred,
                path     text,
                reason   text not null
            );

            insert into audit (id, at, actor, act, version, reason)
                select publication, published_at, author, 'publish', number, reason
                from configuration_versions order by number;

            create function refuse_change_of_audit() returns trigger language plpgsql as $$
            begin
                raise exception 'audit is append-only: % refused', tg_op;
            end
            $$;

            create trigger audit_never_changes
                before update or delete or truncate on audit
                for each statement execute function refuse_change_of_audit();
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            drop table audit;
            drop function refuse_change_of_audit();
            drop table pins;
            drop table policy;
            drop table proposals;
            """
        );
}
