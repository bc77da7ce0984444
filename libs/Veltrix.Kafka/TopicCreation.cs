using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Veltrix.Kafka;

/// <summary>What became of topics that were to be created.</summary>
/// <param name="Created">Names of those that are new.</param>
/// <param name="Present">Names of those that were there already, made by another node or an operator.</param>
/// <param name="Refused">Those that are not there, and why.</param>
public sealed record TopicCreation(
    IReadOnlyList<string> Created,
    IReadOnlyList<string> Present,
    IReadOnlyList<TopicRefusal> Refused
)
{
    /// <summary>Names of all that are there now.</summary>
    public IEnumerable<string> There => Created.Concat(Present);

    internal static TopicCreation Of(IReadOnlyCollection<CreateTopicReport> results) =>
        new(
            [.. results.Where(result => !result.Error.IsError).Select(result => result.Topic)],
            [.. results.Where(IsPresent).Select(result => result.Topic)],
            [
                .. results
                    .Where(result => result.Error.IsError && !IsPresent(result))
                    .Select(result => new TopicRefusal(result.Topic, result.Error)),
            ]
        );

    private static bool IsPresent(CreateTopicReport result) => result.Error.Code == ErrorCode.TopicAlreadyExists;
}

/// <summary>A topic that the broker did not make.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Error">Why.</param>
public sealed record TopicRefusal(string Topic, Error Error);
