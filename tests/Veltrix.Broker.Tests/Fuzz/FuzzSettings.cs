namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>How much of a campaign runs, and which.</summary>
internal static class FuzzSettings
{
    public static int Requests => Number("VELTRIX_FUZZ_REQUESTS", 10_000);

    public static int Seed => Number("VELTRIX_FUZZ_SEED", 20_261);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var value) ? value : otherwise;
}
