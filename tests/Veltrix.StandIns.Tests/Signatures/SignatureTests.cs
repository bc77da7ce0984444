using System.Reflection;
using Veltrix.Testing;

namespace Veltrix.StandIns.Tests.Signatures;

/// <summary>
/// Code that compiles against a stand-in compiles against the genuine package: every public member of a stand-in
/// stands, word for word, in the list of the package's own signatures.
/// </summary>
public class SignatureTests
{
    // Neither has public members: one is a part of the build, the other carries a native library.
    private static readonly string[] WithoutPublicMembers = ["Aspire.Hosting.AppHost", "librdkafka.redist"];

    public static TheoryData<string> Packages =>
        new(
            Directory
                .EnumerateDirectories(Path.Combine(Repository.Root, "standins"))
                .Select(folder => Path.GetFileName(folder))
                .Except(WithoutPublicMembers)
        );

    [Theory]
    [MemberData(nameof(Packages))]
    public void StandIn_PublicMembers_AreGenuine(string package)
    {
        var genuine = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Signatures", package + ".txt"));
        var offered = PublicSurface.Of(Assembly.Load(AssemblyOf(package))).ToList();

        offered.ShouldNotBeEmpty();
        offered.Except(genuine).ShouldBeEmpty($"The genuine {package} lacks these members.");
    }

    [Fact]
    public void Surface_OfATypeWithMembers_NamesEveryDetailThatCallersDependOn() =>
        PublicSurface
            .Of(typeof(SignatureTests).Assembly)
            .Where(line => line.Contains(nameof(Sample<int>), StringComparison.Ordinal))
            .ShouldBe([
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T> implements System.IDisposable",
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>: int? Number { get; }",
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>: protected new(string name, int port = 3)",
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>: required string Text { init; }",
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>: static System.Collections.Generic.List<V> Of<V>(out T first, params V[] rest) where V : class, System.IDisposable, new()",
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>: string Text { get; }",
                "Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>: void Dispose()",
                "abstract class Veltrix.StandIns.Tests.Signatures.SignatureTests.Sample<T>",
            ]);

    private static string AssemblyOf(string package) =>
        package == "MassTransit.Kafka" ? "MassTransit.KafkaIntegration" : package;

    public abstract class Sample<T>(string name, int port = 3) : IDisposable
    {
        public int? Number => port;

        public required string Text { get; init; } = name;

        public static List<V> Of<V>(out T first, params V[] rest)
            where V : class, IDisposable, new() => throw new NotSupportedException($"{rest.Length}");

        public void Dispose() => GC.SuppressFinalize(this);
    }
}
