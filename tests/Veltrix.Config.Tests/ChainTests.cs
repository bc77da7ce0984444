using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class ChainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // More than one page of the verification.
    [Fact]
    public async Task Verify_UntouchedHistory_IsIntact()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        for (var workers = 1; workers <= 19; workers++)
            await replica.MustPublishAsync(workers);

        var verdict = await client.VerifyAsync();

        verdict.Intact.ShouldBeTrue();
        verdict.Fault.ShouldBeNull();
        verdict.Versions.ShouldBe(20);
        verdict.ChainHash.ShouldNotBeNull().Length.ShouldBe(64);
        (await HealthAsync(replica)).ShouldNotContain("does not fit");
    }

    [Fact]
    public async Task Verify_ChangedOrDeletedRow_IsNamedAndShownAsDegraded()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        for (var workers = 1; workers <= 3; workers++)
            await replica.MustPublishAsync(workers);
        await ExecuteAsync(database, "create table copy as select * from configuration_versions");

        foreach (
            var (tampering, number) in new[]
            {
                ("update configuration_versions set reason = 'Another' where number = 2", 2),
                ("update configuration_versions set author = 'somebody' where number = 3", 3),
                ("update configuration_versions set published_at = published_at + interval '1 us' where number = 1", 1),
                ("update configuration_versions set document = json '{}' where number = 2", 2),
                ("update configuration_versions set chain_hash = hash where number = 4", 4),
                ("update configuration_versions set diagnosis = json '{\"findings\":[]} ' where number = 3", 3),
                ("update configuration_versions set diagnosis = null where number = 2", 2),
                ("delete from configuration_versions where number = 1", 1),
                ("delete from configuration_versions where number = 3", 3),
                ("delete from configuration_versions where number = 4", 4),
            }
        )
        {
            await TamperAsync(database, tampering);

            var verdict = await client.VerifyAsync();

            verdict.Intact.ShouldBeFalse(tampering);
            verdict.Versions.ShouldBe(number - 1, tampering);
            verdict.Fault.ShouldNotBeNull().Number.ShouldBe(number, tampering);
            (await HealthAsync(replica)).ShouldContain($"Version {number} does not fit");
            await ExecuteAsync(
                database,
                "delete from configuration_versions; insert into configuration_versions select * from copy"
            );
            (await client.VerifyAsync()).Intact.ShouldBeTrue(tampering);
            (await HealthAsync(replica)).ShouldNotContain("does not fit");
        }
    }

    // A replica that never served the version that is gone knows it from the audit.
    [Theory]
    [InlineData("update configuration_versions set reason = 'Another' where number = 1", 1)]
    [InlineData("delete from configuration_versions where number = 2", 2)]
    public async Task Start_ChangedOrDeletedRow_IsShownAsDegraded(string tampering, int number)
    {
        await using var database = await Database.NewAsync();
        await using (var before = await Replica.StartReadyAsync(database))
            await before.MustPublishAsync(workers: 3);
        await TamperAsync(database, tampering);

        await using var replica = await Replica.StartReadyAsync(database);

        await Eventually.HoldsAsync(
            async () =>
                (await HealthAsync(replica)).Contains($"Version {number} does not fit", StringComparison.Ordinal),
            because: "The start does not show the broken history.",
            cancellation: Cancellation
        );
    }

    [Fact]
    public async Task History_ChangedLongAfterTheStart_IsFoundByItself()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string> { ["History:VerifyInterval"] = "00:00:00.050" }
        );
        using var client = new OperatorClient(replica);
        await replica.MustPublishAsync(workers: 3);
        (await client.VerifyAsync()).Intact.ShouldBeTrue();

        await TamperAsync(database, "update configuration_versions set reason = 'Another' where number = 2");

        await Eventually.HoldsAsync(
            async () => (await HealthAsync(replica)).Contains("Version 2 does not fit", StringComparison.Ordinal),
            because: "Nobody looks at the history any more.",
            cancellation: Cancellation
        );
    }

    // As releases before the reports were sealed wrote them.
    [Fact]
    public async Task Verify_VersionsWithAnUnsealedReport_FitUntilTheFirstSealedOne()
    {
        await using var database = await Database.NewAsync();
        await using (var before = await Replica.StartReadyAsync(database))
            await before.MustPublishAsync(workers: 3);
        await SealAsBeforeAsync(database, 1);
        await SealAsBeforeAsync(database, 2);
        await using (var after = await Replica.StartReadyAsync(database))
        {
            await after.MustPublishAsync(workers: 4);
            await after.MustPublishAsync(workers: 5);
            using var client = new OperatorClient(after);
            var verdict = await client.VerifyAsync();
            (verdict.Fault, verdict.Versions).ShouldBe((null, 4));
        }
        await SealAsBeforeAsync(database, 4);

        await using var last = await Replica.StartReadyAsync(database);
        using var verifier = new OperatorClient(last);

        // A sealed one came before it: nobody seals less from then on.
        (await verifier.VerifyAsync())
            .Fault.ShouldNotBeNull()
            .Number.ShouldBe(4);
    }

    // Whoever changes versions and all chain hashes after them leaves a chain that fits.
    [Theory]
    [InlineData(4, "operator")]
    [InlineData(3, "somebody")]
    public async Task Verify_HistoryWrittenAnew_IsFoundByAReplicaThatKnewIt(int workers, string author)
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        var published = await replica.MustPublishAsync(workers: 3);
        (await client.VerifyAsync()).Intact.ShouldBeTrue();
        var first = await ChainHashAsync(database, 1);
        var document = System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(Replica.WithWorkers(workers)));
        var link = new ChainLink(
            2,
            1,
            CanonicalJson.Hash(Replica.WithWorkers(workers)),
            author,
            published.Reason,
            published.PublishedAt,
            HashChain.HashOf(await ReportAsync(database, 2))
        );
        await TamperAsync(
            database,
            $"update configuration_versions set document = '{document}', hash = '{link.Hash}', author = '{author}', chain_hash = '{HashChain.Hash(first, link)}' where number = 2"
        );

        // Twice: what one verification found, the next one does not take for the truth.
        for (var time = 0; time < 2; time++)
            (await client.VerifyAsync()).Fault.ShouldNotBeNull().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Start_NewestDocumentCannotBeRead_GoesOnAndSaysSo()
    {
        await using var database = await Database.NewAsync();
        await using (await Replica.StartReadyAsync(database)) { }
        await TamperAsync(database, "update configuration_versions set document = json '{}' where number = 1");

        await using var replica = Replica.Start(database);
        using var client = replica.As(null);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await client.GetAsync("/health", Cancellation);
                response.StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
                return (await response.Content.ReadAsStringAsync(Cancellation)).Contains("Version 1 does not fit");
            },
            because: "The start does not show the broken history.",
            cancellation: Cancellation
        );
        await TamperAsync(
            database,
            $"update configuration_versions set document = '{System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(PlatformConfiguration.Default))}'"
        );
        (await replica.Current.WaitBeyondAsync(0, Cancellation)).Number.ShouldBe(1);
    }

    [Fact]
    public async Task Read_DocumentOfAnotherShape_IsAProblemButCanBeExported()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await replica.MustPublishAsync(workers: 3);
        await TamperAsync(database, "update configuration_versions set document = json '{ }' where number = 1");
        using var client = new OperatorClient(replica);

        await client.SendAsync(HttpMethod.Get, "versions/1").ShouldBeRefusedAsync(500, "VX-2029");
        await client.SendAsync(HttpMethod.Get, "diff?from=1").ShouldBeRefusedAsync(500, "VX-2029");
        await client.PostAsync("versions/1/rollback?reason=r").ShouldBeRefusedAsync(500, "VX-2029");
        System.Text.Encoding.UTF8.GetString(await client.ExportAsync(1)).ShouldBe("{ }");
    }

    [Fact]
    public async Task Start_HistoryFromBeforeTheChain_IsChainedAndAudited()
    {
        await using var database = await Database.NewAsync();
        await CreateOldHistoryAsync(database);
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        await replica.MustPublishAsync(workers: 3);

        var verdict = await client.VerifyAsync();

        verdict.Fault.ShouldBeNull();
        verdict.Versions.ShouldBe(4);
        var audit = await client.AuditAsync();
        audit.Select(entry => entry.Version).ShouldBe([1, 2, 3, 4]);
        audit[1].Reason.ShouldBe("Grüße: 2");
        await using var connection = await database.OpenAsync();
        await using var change = new NpgsqlCommand("update configuration_versions set reason = 'x'", connection);
        await Should.ThrowAsync<PostgresException>(() => change.ExecuteNonQueryAsync(Cancellation));
    }

    /// <summary>Three versions, as the schema before the chain had them.</summary>
    private static async Task CreateOldHistoryAsync(Database database)
    {
        var options = new DbContextOptionsBuilder<ConfigDbContext>().UseNpgsql(database.ConnectionString).Options;
        await using var context = new ConfigDbContext(options);
        await context.GetService<IMigrator>().MigrateAsync("20261121000000_CreateConfigurationVersions", Cancellation);
        for (var number = 1; number <= 3; number++)
        {
            var configuration = Replica.WithWorkers(number);
            int? parent = number == 1 ? null : number - 1;
            var document = System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(configuration));
            await context.Database.ExecuteSqlAsync(
                $"""
                insert into configuration_versions values ({number}, {parent}, {CanonicalJson.Hash(
                    configuration
                )}, 'operator',
                    {$"Grüße: {number}"}, timestamp with time zone '2026-11-21 01:00:00.12+01', {document}::json, {Guid.NewGuid()})
                """,
                Cancellation
            );
        }
    }

    private static async Task TamperAsync(Database database, string statement) =>
        (await ExecuteAsync(database, statement)).ShouldBe(1);

    // What nobody may do through the service, and what triggers and references refuse, a superuser can.
    private static async Task<int> ExecuteAsync(Database database, string statement)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {statement}", connection);
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Gives a version the chain hash that it would have had before reports were sealed.</summary>
    private static async Task SealAsBeforeAsync(Database database, int number)
    {
        var options = new DbContextOptionsBuilder<ConfigDbContext>().UseNpgsql(database.ConnectionString).Options;
        await using var context = new ConfigDbContext(options);
        var row = await context.Versions.SingleAsync(row => row.Number == number, Cancellation);
        var previous = number == 1 ? null : await ChainHashAsync(database, number - 1);
        var hash = HashChain.Hash(previous, row.ToLink() with { Report = null });
        await TamperAsync(database, $"update configuration_versions set chain_hash = '{hash}' where number = {number}");
    }

    private static Task<string> ChainHashAsync(Database database, int number) =>
        ReadAsync(database, $"select chain_hash from configuration_versions where number = {number}");

    private static Task<string> ReportAsync(Database database, int number) =>
        ReadAsync(database, $"select diagnosis::text from configuration_versions where number = {number}");

    private static async Task<string> ReadAsync(Database database, string query)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task<string> HealthAsync(Replica replica)
    {
        using var client = replica.As(null);
        using var response = await client.GetAsync("/health", Cancellation);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
