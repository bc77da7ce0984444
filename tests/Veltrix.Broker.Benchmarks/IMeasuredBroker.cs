namespace Veltrix.Broker.Benchmarks;

/// <summary>A broker that is measured: ours, or the peer beside it.</summary>
internal interface IMeasuredBroker : IDisposable
{
    string Name { get; }

    /// <summary>The port on 127.0.0.1 that clients connect to.</summary>
    int Port { get; }

    /// <summary>Bootstrap servers, as clients want them.</summary>
    string Servers => $"127.0.0.1:{Port}";

    /// <summary>Physical memory that the process holds, in bytes.</summary>
    long ResidentBytes();

    /// <summary>Processor time that the process has used.</summary>
    TimeSpan ProcessorTime();
}
