using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Tests;

public sealed class TopicConfigurationTests
{
    private readonly TopicConfiguration _configuration = new(new BrokerOptions());
    private readonly Dictionary<string, string> _topic = new(StringComparer.Ordinal);

    [Fact]
    public void Apply_ToAList_AddsWhatItLacksAndTakesWhatItHas()
    {
        Change("cleanup.policy", SettingOperation.Append, "compact").ShouldBeNull();
        _topic["cleanup.policy"].ShouldBe("delete,compact", "the default was there");
        Change("cleanup.policy", SettingOperation.Append, "compact, delete").ShouldBeNull();
        _topic["cleanup.policy"].ShouldBe("delete,compact");
        Change("cleanup.policy", SettingOperation.Subtract, "delete").ShouldBeNull();
        Change("cleanup.policy", SettingOperation.Subtract, "delete").ShouldBeNull();
        _topic["cleanup.policy"].ShouldBe("compact");
    }

    [Fact]
    public void Apply_WhatCannotBe_ChangesNothing()
    {
        _topic["cleanup.policy"] = "compact";
        Change("cleanup.policy", SettingOperation.Subtract, "compact").ShouldNotBeNull();
        Change("cleanup.policy", SettingOperation.Append, "shred").ShouldNotBeNull();
        Change("cleanup.policy", SettingOperation.Set, "").ShouldNotBeNull();
        Change("cleanup.policy", (SettingOperation)9, "delete").ShouldNotBeNull();
        Change("retention.ms", SettingOperation.Append, "1").ShouldNotBeNull();
        Change("retention.ms", SettingOperation.Set, "soon").ShouldNotBeNull();
        Change("no.such.setting", SettingOperation.Remove, null).ShouldNotBeNull();
        _topic.ShouldBe([new("cleanup.policy", "compact")]);
        Change("cleanup.policy", SettingOperation.Remove, null).ShouldBeNull();
        _topic.ShouldBeEmpty();
    }

    private string? Change(string name, SettingOperation operation, string? value) =>
        _configuration.Apply(new SettingChange(name, operation, value), _topic);
}
