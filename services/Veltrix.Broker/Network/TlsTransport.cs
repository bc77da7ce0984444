using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Veltrix.Broker.Network;

/// <summary>Encrypts connections with the configured certificate (PEM files).</summary>
internal sealed class TlsTransport : IDisposable
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);
    private readonly X509Certificate2 _certificate;
    private readonly SslServerAuthenticationOptions _options;

    private TlsTransport(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null),
        };
    }

    /// <summary>Null when no certificate is configured.</summary>
    /// <exception cref="BrokerStartException">The files cannot be read, or are no certificate with its key.</exception>
    public static TlsTransport? Create(BrokerOptions options)
    {
        if (options.TlsCertificateFile is not { } certificateFile)
            return null;
        try
        {
            return new TlsTransport(X509Certificate2.CreateFromPemFile(certificateFile, options.TlsKeyFile));
        }
        catch (Exception error) when (error is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new BrokerStartException(
                $"The certificate {certificateFile} cannot be used: {error.Message}. Set Broker:TlsCertificateFile and Broker:TlsKeyFile.",
                error
            );
        }
    }

    /// <exception cref="IOException">The client went, or took too long.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It speaks no TLS, or another version.</exception>
    public async Task<Stream> EncryptAsync(Stream plain, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HandshakeLimit);
        var encrypted = new SslStream(plain);
        await encrypted.AuthenticateAsServerAsync(_options, limit.Token);
        return encrypted;
    }

    public void Dispose() => _certificate.Dispose();
}
