using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Veltrix.Processor.Database.Migrations;

/// <summary>Everything of the first release. Text that is a key compares bytewise (collation C): faster, and the order that prefixes need.</summary>
[DbContext(typeof(ProcessingContext))]
[Migration("20261121000000_FirstSchema")]
internal sealed class FirstSchema : Migration
{
    private const string Effects = """
        CREATE TYPE purpose AS ENUM ('projections', 'workflows');
        CREATE SEQUENCE batches;

        -- One row per event that had its effect: the unique key is what makes redelivery harmless.
        -- position is the event's place in its batch; INSERT ... RETURNING position is how a batch learns what is new.
        CREATE TABLE handled_events (
            batch    bigint  NOT NULL,
            position integer NOT NULL,
            purpose  purpose NOT NULL,
            source   text COLLATE "C" NOT NULL,
            id       text COLLATE "C" NOT NULL,
            PRIMARY KEY (source, id, purpose)
        );
        CREATE INDEX handled_events_batch ON handled_events (batch);

        -- committed_at is estimated inside the transaction and corrected to the measured time with the next batch.
        CREATE TABLE handled_batches (
            batch        bigint PRIMARY KEY,
            purpose      purpose     NOT NULL,
            committed_at timestamptz NOT NULL
        );

        -- headers is json, not jsonb: jsonb refuses the escaped NUL that a poisonous header may carry.
        CREATE TABLE dead_letters (
            sequence      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            purpose       purpose     NOT NULL,
            topic         text        NOT NULL,
            partition     integer     NOT NULL,
            record_offset bigint      NOT NULL,
            code          text        NOT NULL,
            cause         text        NOT NULL,
            headers       json        NOT NULL,
            key           bytea,
            value         bytea,
            recorded_at   timestamptz NOT NULL DEFAULT now(),
            UNIQUE (purpose, topic, partition, record_offset)
        );
        """;

    // Free room in each page keeps updates of the same row in place, without new index entries (HOT).
    private const string ReadModels = """
        CREATE TABLE players (
            player    text COLLATE "C" PRIMARY KEY,
            moves     bigint           NOT NULL,
            meters    bigint           NOT NULL,
            latitude  double precision NOT NULL,
            longitude double precision NOT NULL,
            moved_at  timestamptz      NOT NULL
        ) WITH (fillfactor = 70);

        CREATE TABLE github_counts (
            type    text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            count   bigint NOT NULL,
            PRIMARY KEY (type, subject)
        ) WITH (fillfactor = 70);
        """;

    private const string Workflows = """
        -- Fails like any serialization failure, so that a statement can stop its transaction's COMMIT in the same round trip.
        CREATE FUNCTION demand_rows(actual bigint, demanded bigint) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF actual <> demanded THEN
                RAISE serialization_failure USING MESSAGE = format('%s of %s rows were as expected', actual, demanded);
            END IF;
        END $$;

        CREATE TABLE hunts (
            correlation_id uuid PRIMARY KEY,
            hunt_id        text COLLATE "C" NOT NULL,
            sequence       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
            state          text        NOT NULL,
            version        integer     NOT NULL,
            events_applied bigint      NOT NULL,
            name           text        NOT NULL,
            clues          integer     NOT NULL,
            found          bytea       NOT NULL,
            clues_found    integer     NOT NULL,
            started_at     timestamptz NOT NULL,
            updated_at     timestamptz NOT NULL,
            ended_at       timestamptz,
            deadline_at    timestamptz NOT NULL
        ) WITH (fillfactor = 70);
        CREATE INDEX hunts_state ON hunts (state, sequence);
        CREATE INDEX hunts_deadline ON hunts (deadline_at) WHERE state = 'Hunting';

        CREATE TABLE hunt_history (
            correlation_id uuid   NOT NULL,
            sequence       bigint GENERATED ALWAYS AS IDENTITY,
            at             timestamptz NOT NULL,
            event          text        NOT NULL,
            player         text,
            from_state     text        NOT NULL,
            to_state       text        NOT NULL,
            event_id       text,
            PRIMARY KEY (correlation_id, sequence)
        );
        """;

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Effects);
        migrationBuilder.Sql(ReadModels);
        migrationBuilder.Sql(Workflows);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            DROP TABLE hunt_history, hunts, github_counts, players, dead_letters, handled_batches, handled_events;
            DROP FUNCTION demand_rows(bigint, bigint);
            DROP SEQUENCE batches;
            DROP TYPE purpose;
            """
        );
}
