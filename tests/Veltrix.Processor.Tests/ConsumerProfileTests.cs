using System.Reflection;
using Veltrix.Configuration;
using Veltrix.Processor.Consuming;
using Veltrix.Testing;

namespace Veltrix.Processor.Tests;

public sealed class ConsumerProfileTests
{
    public static TheoryData<string> Options =>
        [.. typeof(ConsumerConfiguration).GetConstructors()[0].GetParameters().Select(parameter => parameter.Name!)];

    /// <summary>An option that nothing obeys is a defect: this one finds it when it is added.</summary>
    [Theory]
    [MemberData(nameof(Options))]
    public async Task EveryOption_Changed_ChangesWhatTheClientLibraryIsTold(string option)
    {
        // The settings depend on the version of the native library, which comes with the servers.
        await Servers.KafkaAsync();
        Settings(With(option)).ShouldNotBe(Settings(new ConsumerConfiguration()));
    }

    private static ConsumerConfiguration With(string option)
    {
        var constructor = typeof(ConsumerConfiguration).GetConstructors()[0];
        var values = constructor
            .GetParameters()
            .Select(parameter => parameter.Name == option ? Other(parameter) : parameter.DefaultValue)
            .ToArray();
        return (ConsumerConfiguration)constructor.Invoke(values);
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

    private static string Settings(ConsumerConfiguration profile) =>
        string.Join(
            '\n',
            BatchConsumer
                .Settings("127.0.0.1:9", "group", "client", profile)
                .Select(entry => $"{entry.Key}={entry.Value}")
                .Order()
        );
}
