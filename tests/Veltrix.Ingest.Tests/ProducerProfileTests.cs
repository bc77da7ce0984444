using System.Reflection;
using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Ingest.Kafka;

namespace Veltrix.Ingest.Tests;

public sealed class ProducerProfileTests
{
    public static TheoryData<string> Options =>
        [.. typeof(ProducerConfiguration).GetConstructors()[0].GetParameters().Select(parameter => parameter.Name!)];

    /// <summary>An option that nothing obeys is a defect: this one finds it when it is added.</summary>
    [Theory]
    [MemberData(nameof(Options))]
    public void EveryOption_Changed_ChangesWhatTheClientLibraryIsTold(string option)
    {
        Settings(With(option)).ShouldNotBe(Settings(new ProducerConfiguration()));
    }

    private static ProducerConfiguration With(string option)
    {
        var constructor = typeof(ProducerConfiguration).GetConstructors()[0];
        var values = constructor
            .GetParameters()
            .Select(parameter => parameter.Name == option ? Other(parameter) : parameter.DefaultValue)
            .ToArray();
        return (ProducerConfiguration)constructor.Invoke(values);
    }

    private static object Other(ParameterInfo parameter) =>
        parameter.DefaultValue switch
        {
            bool value => !value,
            int value when parameter.ParameterType.IsEnum => Enum.ToObject(parameter.ParameterType, value + 1),
            int value => value + 1,
            Enum value => Enum.ToObject(parameter.ParameterType, Convert.ToInt32(value) + 1),
            var value => throw new NotSupportedException($"{parameter.Name} is a {value?.GetType()}."),
        };

    private static string Settings(ProducerConfiguration profile)
    {
        var config = new ProducerConfig();
        ProducerProfile.Write(profile, config);
        return string.Join('\n', config.Select(entry => $"{entry.Key}={entry.Value}").Order());
    }
}
