using System.Globalization;

namespace Veltrix.Broker.Tests;

public sealed class BrokerOptionsValidatorTests
{
    [Fact]
    public void Validate_TheDefaults_FindsNothing() =>
        new BrokerOptionsValidator().Validate(null, new BrokerOptions()).Succeeded.ShouldBeTrue();

    /// <summary>Every number that an option can be set to is looked at: -5 is good for none of them.</summary>
    [Fact]
    public void Validate_EveryNumberWrong_NamesEachOption()
    {
        var options = new BrokerOptions();
        var numbers = typeof(BrokerOptions)
            .GetProperties()
            .Where(property => property.PropertyType == typeof(int) || property.PropertyType == typeof(long))
            .ToList();
        foreach (var property in numbers)
            property.SetValue(options, Convert.ChangeType(-5, property.PropertyType, CultureInfo.InvariantCulture));

        var failures = new BrokerOptionsValidator().Validate(null, options).Failures!.ToList();

        foreach (var property in numbers)
            failures.ShouldContain(failure => failure.StartsWith($"Broker:{property.Name} "), property.Name);
    }

    [Fact]
    public void Validate_SettingsThatDoNotFitEachOther_NamesThem()
    {
        var options = new BrokerOptions
        {
            MaximumRequestBytes = 1_000_000,
            MaximumBytesInFlight = 1000,
            MaximumPartitions = 2,
            TlsKeyFile = "key.pem",
            Users = new() { ["ingest"] = "" },
        };
        var failures = new BrokerOptionsValidator().Validate(null, options).Failures!.ToList();
        foreach (
            var name in new[]
            {
                "MaximumRequestBytes",
                "MaximumBytesInFlight",
                "MaximumPartitions",
                "TlsKeyFile",
                "Users",
            }
        )
            failures.ShouldContain(failure => failure.StartsWith($"Broker:{name} "), name);
    }
}
