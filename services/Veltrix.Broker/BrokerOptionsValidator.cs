using System.Net;
using Microsoft.Extensions.Options;

namespace Veltrix.Broker;

/// <summary>Looks at the whole configuration and names every mistake at once.</summary>
internal sealed class BrokerOptionsValidator : IValidateOptions<BrokerOptions>
{
    // A timer of .NET takes 49 days at most.
    private const int MaximumSeconds = 30 * 86_400;

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var errors = new List<string>();
        Check(IPAddress.TryParse(options.ListenAddress, out _), "ListenAddress", "is no IP address");
        Check(options.Port is >= 0 and <= 65535, "Port", "is not between 0 and 65535");
        Check(options.AdvertisedPort is null or (> 0 and <= 65535), "AdvertisedPort", "is not between 1 and 65535");
        Check(!string.IsNullOrWhiteSpace(options.AdvertisedHost), "AdvertisedHost", "is empty");
        Check(!string.IsNullOrWhiteSpace(options.DataDirectory), "DataDirectory", "is empty");
        Check(options.NodeId >= 0, "NodeId", "is negative");
        Check(
            options.FlushIntervalMilliseconds is >= 1 and <= 60_000,
            "FlushIntervalMilliseconds",
            "is not between 1 and 60000"
        );
        Check(options.PageCacheBytes >= 0, "PageCacheBytes", "is negative");
        Check(
            options.TimeSliceMicroseconds is 0 or (>= 100 and <= 100_000),
            "TimeSliceMicroseconds",
            "is neither 0 nor between 100 and 100000"
        );
        Check(options.MaximumMessageBytes >= 1024, "MaximumMessageBytes", "is below 1024");
        Check(
            options.SegmentBytes is >= 4096 and <= int.MaxValue,
            "SegmentBytes",
            "is not between 4096 and 2147483647"
        );
        Check(options.SegmentHours > 0, "SegmentHours", "is not positive");
        Check(options.RetentionHours is -1 or > 0, "RetentionHours", "is neither positive nor -1");
        Check(options.RetentionBytes is -1 or > 0, "RetentionBytes", "is neither positive nor -1");
        Check(options.CheckpointBytes > 0, "CheckpointBytes", "is not positive");
        Check(
            options.CheckpointIntervalMilliseconds is >= 1 and <= 3_600_000,
            "CheckpointIntervalMilliseconds",
            "is not between 1 and 3600000"
        );
        Check(options.RetentionCheckSeconds > 0, "RetentionCheckSeconds", "is not positive");
        Check(options.CompactionCheckSeconds > 0, "CompactionCheckSeconds", "is not positive");
        Check(
            options.CompactionMemoryBytes is >= 64 * 1024 and <= int.MaxValue,
            "CompactionMemoryBytes",
            "is not between 65536 and 2147483647"
        );
        Check(options.OffsetRetentionHours > 0, "OffsetRetentionHours", "is not positive");
        Check(options.DefaultPartitions > 0, "DefaultPartitions", "is not positive");
        Check(
            options.MaximumPartitions >= Math.Max(1, options.DefaultPartitions),
            "MaximumPartitions",
            "is below DefaultPartitions, or not positive"
        );
        Check(options.MaximumConnections > 0, "MaximumConnections", "is not positive");
        Check(
            options.MaximumRequestBytes >= options.MaximumMessageBytes + 4096,
            "MaximumRequestBytes",
            "has no room for a batch of MaximumMessageBytes and its header (4096 bytes)"
        );
        Check(options.MaximumControlRequestBytes >= 64 * 1024, "MaximumControlRequestBytes", "is below 65536");
        Check(
            options.MaximumBytesInFlight >= Math.Max(1, options.MaximumRequestBytes),
            "MaximumBytesInFlight",
            "is below MaximumRequestBytes, or not positive"
        );
        Check(
            options.MaximumIdleSeconds is > 0 and <= MaximumSeconds,
            "MaximumIdleSeconds",
            $"is not between 1 and {MaximumSeconds}"
        );
        Check(
            options.MaximumReceiveSeconds is > 0 and <= MaximumSeconds,
            "MaximumReceiveSeconds",
            $"is not between 1 and {MaximumSeconds}"
        );
        Check(options.MaximumProducesInFlight > 0, "MaximumProducesInFlight", "is not positive");
        Check(options.MaximumFetchBytes >= 1024, "MaximumFetchBytes", "is below 1024");
        Check(options.MaximumFetchWaitMilliseconds > 0, "MaximumFetchWaitMilliseconds", "is not positive");
        Check(options.MaximumTopics > 0, "MaximumTopics", "is not positive");
        Check(
            options.TlsKeyFile is null || options.TlsCertificateFile is not null,
            "TlsKeyFile",
            "is set without TlsCertificateFile"
        );
        Check(
            options.Users.All(user => user.Key.Length > 0 && user.Value.Length > 0),
            "Users",
            "has an empty name or password"
        );
        Check(options.MaximumGroups > 0, "MaximumGroups", "is not positive");
        Check(options.MaximumTransactionalIds > 0, "MaximumTransactionalIds", "is not positive");
        Check(options.MaximumTransactionMilliseconds > 0, "MaximumTransactionMilliseconds", "is not positive");
        Check(options.TransactionalIdRetentionHours > 0, "TransactionalIdRetentionHours", "is not positive");
        Check(options.MaximumGroupMembers > 0, "MaximumGroupMembers", "is not positive");
        Check(
            options.InitialRebalanceDelayMilliseconds is >= 0 and <= 60_000,
            "InitialRebalanceDelayMilliseconds",
            "is not between 0 and 60000"
        );
        Check(options.MaximumProducersPerPartition > 0, "MaximumProducersPerPartition", "is not positive");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool good, string option, string mistake)
        {
            if (!good)
                errors.Add($"{BrokerOptions.Section}:{option} {mistake}.");
        }
    }
}
