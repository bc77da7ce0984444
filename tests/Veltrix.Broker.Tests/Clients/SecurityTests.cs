using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>Names, passwords and encryption.</summary>
public sealed class SecurityTests : IDisposable
{
    private const string Password = "only-for-tests";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Users_OnlyWithTheirPassword_MayAsk()
    {
        await using var broker = await TestBroker.StartAsync(options => options.Users["ingest"] = Password);
        TopicsSeenBy(broker, Configuration(broker, SecurityProtocol.SaslPlaintext, Password)).ShouldBe(0);
        Should.Throw<KafkaException>(() =>
            TopicsSeenBy(broker, Configuration(broker, SecurityProtocol.SaslPlaintext, "wrong"))
        );
        Should.Throw<KafkaException>(() => TopicsSeenBy(broker, new() { BootstrapServers = broker.Servers }));
    }

    [Fact]
    public async Task Tls_WithPasswords_CarriesRecords()
    {
        var (certificate, key) = CreateCertificate();
        await using var broker = await TestBroker.StartAsync(options =>
        {
            options.Users["ingest"] = Password;
            options.TlsCertificateFile = certificate;
            options.TlsKeyFile = key;
            options.AutoCreateTopics = true;
        });
        var configuration = Configuration(broker, SecurityProtocol.SaslSsl, Password);
        configuration.SslCaLocation = certificate;
        using var producer = new ProducerBuilder<string, string>(configuration).Build();
        var large = new string('x', 500_000);
        var sent = await producer.ProduceAsync("topic", new() { Value = large }, TestContext.Current.CancellationToken);
        sent.Status.ShouldBe(PersistenceStatus.Persisted);
        Should.Throw<KafkaException>(() => TopicsSeenBy(broker, new() { BootstrapServers = broker.Servers }));
    }

    private static int TopicsSeenBy(TestBroker broker, ClientConfig configuration)
    {
        using var admin = new AdminClientBuilder(configuration).SetLogHandler((_, _) => { }).Build();
        return admin.GetMetadata(TimeSpan.FromSeconds(3)).Topics.Count;
    }

    private static ProducerConfig Configuration(TestBroker broker, SecurityProtocol protocol, string password) =>
        new()
        {
            BootstrapServers = broker.Servers,
            SecurityProtocol = protocol,
            SaslMechanism = SaslMechanism.Plain,
            SaslUsername = "ingest",
            SaslPassword = password,
        };

    private (string Certificate, string Key) CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (certificateFile, keyFile) = (
            Path.Combine(_directory.Path, "broker.pem"),
            Path.Combine(_directory.Path, "broker.key")
        );
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
