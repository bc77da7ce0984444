namespace Veltrix.Processor;

/// <summary>Settings of this service, section <c>Processor</c>. What operators change while it runs is in the published configuration.</summary>
internal sealed class ProcessorOptions
{
    public const string Section = "Processor";

    /// <summary>Begins the names of consumer groups; platforms that share a cluster need one each.</summary>
    public string GroupPrefix { get; set; } = "veltrix-";

    /// <summary>Begins the names of keys in Redis; platforms that share a server need one each.</summary>
    public string KeyPrefix { get; set; } = "veltrix:";

    /// <summary>Name of the consumer group of <paramref name="purpose"/>.</summary>
    public string Group(string purpose) => GroupPrefix + purpose;
}
