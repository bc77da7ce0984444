using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Diagnosing;

/// <summary>What the doctor says: of the version in force as things are now, and of each version as they were when it was published.</summary>
internal static class DiagnosisEndpoints
{
    public static void MapDiagnoses(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/configuration")
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithTags("Doctor")
            .RequireAuthorization(Roles.Operator);
        group
            .MapGet("/diagnosis", Now)
            .WithSummary("The doctor on the version in force and the brokers as they are now.")
            .Produces<Diagnosis>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group
            .MapGet("/versions/{number}/diagnosis", OfVersionAsync)
            .WithSummary("The doctor's report that a version was published with.")
            .Produces<Diagnosis>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Now(CurrentVersion current, BrokerTopology topology) =>
        current.Value is { } version
            ? TypedResults.Ok(Doctor.Examine(version.Configuration, version.Configuration, topology: topology.Latest))
            : Problems.NotReady();

    private static async Task<IResult> OfVersionAsync(
        string number,
        ConfigDbContext database,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return VersionEndpoints.NotANumber();
        var row = await database
            .Versions.AsNoTracking()
            .Where(version => version.Number == wanted)
            .Select(version => new { version.Diagnosis })
            .SingleOrDefaultAsync(cancellation);
        return row switch
        {
            null => VersionEndpoints.Unknown(wanted),
            { Diagnosis: null } => ErrorCatalogue.UnknownVersion.ToProblem(
                $"Version {wanted} was published before the doctor's reports were kept."
            ),
            { Diagnosis: var json } => TypedResults.Ok(
                JsonSerializer.Deserialize(json, ConfigurationJson.Default.Diagnosis)
            ),
        };
    }
}
