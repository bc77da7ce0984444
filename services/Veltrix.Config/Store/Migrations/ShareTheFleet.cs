using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Config.Store.Migrations;

/// <summary>What replicas tell each other of the nodes, and the nodes' history by the minute.</summary>
[DbContext(typeof(ConfigDbContext))]
[Migration("20261121050000_ShareTheFleet")]
internal sealed class ShareTheFleet : Migration
{
    // Each row of fleet_nodes changes every second: not logged, and with room on its page for the next copy of it.
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create unlogged table fleet_nodes (
                node      text primary key,
                service   text not null,
                replica   uuid not null,
                seen_at   timestamp with time zone not null,
                condition text not null,
                since     timestamp with time zone not null,
                detail    text not null,
                report    text not null
            ) with (fillfactor = 50);

            create table node_minutes (
                node    text not null,
                minute  timestamp with time zone not null,
                service text not null,
                parts   uuid[] not null,
                summary json not null,
                primary key (node, minute)
            );
            create index node_minutes_by_time on node_minutes (minute);
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            drop table node_minutes;
            drop table fleet_nodes;
            """
        );
}
