using Veltrix.Testing;

namespace Veltrix.Conformance.Tests;

/// <summary>Who is asked: the same expectations hold for both.</summary>
public enum TestedKafka
{
    /// <summary>Our broker, or what VELTRIX_TEST_KAFKA names.</summary>
    Veltrix,

    /// <summary>A node of the real one; skipped where a machine lacks it.</summary>
    Apache,
}

internal static class TestedKafkas
{
    public static Task<string> ServersAsync(this TestedKafka kafka) =>
        kafka == TestedKafka.Apache ? ApacheKafka.ServersAsync() : Servers.KafkaAsync();

    /// <summary>Where clients have to say who they are.</summary>
    public static Task<string> ServersForUsersAsync(this TestedKafka kafka) =>
        kafka == TestedKafka.Apache ? ApacheKafka.ServersForUsersAsync() : Servers.KafkaWithUsersAsync();
}
