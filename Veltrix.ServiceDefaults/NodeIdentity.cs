using Microsoft.Extensions.Hosting;

namespace Veltrix.ServiceDefaults;

/// <summary>Who this process is in logs, metrics and reports.</summary>
/// <param name="Service">Name of the service, for instance <c>processor</c>.</param>
/// <param name="Instance">What tells its replicas apart: <c>service.instance.id</c>, else the process id.</param>
public sealed record NodeIdentity(string Service, string Instance)
{
    /// <summary>Unique name of the node: <c>processor-qwertyui</c>.</summary>
    public string Name => $"{Service}-{Instance}";

    /// <summary>Reads <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c>, which the AppHost sets.</summary>
    public static NodeIdentity From(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var service = builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } configured
            ? configured
            : builder.Environment.ApplicationName;
        // Raw format: key=value,key=value with percent-encoded values.
        var instance = (builder.Configuration["OTEL_RESOURCE_ATTRIBUTES"] ?? "")
            .Split(',', StringSplitOptions.TrimEntries)
            .Where(attribute => attribute.StartsWith("service.instance.id=", StringComparison.Ordinal))
            .Select(attribute => Uri.UnescapeDataString(attribute[(attribute.IndexOf('=') + 1)..]))
            .FirstOrDefault(value => value.Length > 0);
        return new NodeIdentity(service, instance ?? Environment.ProcessId.ToString());
    }
}
