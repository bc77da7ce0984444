using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class SmallPartsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Take_DirectoryIsHeld_RefusesWithASentence()
    {
        using var first = InstanceLock.Take(_directory.Path);

        Should
            .Throw<DistributedApplicationException>(() => InstanceLock.Take(_directory.Path))
            .Message.ShouldContain(_directory.Path);
    }

    [Fact]
    public void Take_HolderHasLetGo_Succeeds()
    {
        InstanceLock.Take(_directory.Path).Dispose();

        InstanceLock.Take(_directory.Path).Dispose();
    }

    [Fact]
    public void GetOrCreate_FirstAndSecondTime_KeepsTheValueForItsOwnerOnly()
    {
        var first = new SecretFiles(_directory.Path).GetOrCreate(
            "key",
            new GenerateParameterDefault { MinLength = 22 }
        );
        var second = new SecretFiles(_directory.Path).GetOrCreate(
            "key",
            new GenerateParameterDefault { MinLength = 22 }
        );

        second.ShouldBe(first);
        File.GetUnixFileMode(_directory.Combine("secrets"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_directory.Combine("secrets/key"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(_directory.Combine("secrets/key")).ShouldBe(first);
    }

    [Theory]
    [InlineData("Host=h;Password=se=cret!;Database=d", "Host=h;Password=***;Database=d")]
    [InlineData("127.0.0.1:1,password=abc,ssl=true", "127.0.0.1:1,password=***,ssl=true")]
    [InlineData("server;sasl.password=abc", "server;sasl.password=***")]
    [InlineData("127.0.0.1:9092", "127.0.0.1:9092")]
    public void Apply_ConnectionString_HidesThePassword(string connectionString, string masked) =>
        SecretMask.Apply(connectionString).ShouldBe(masked);

    [Theory]
    [InlineData(true, "dotnet", "run", "--project", "Veltrix.AppHost")]
    [InlineData(true, "/usr/bin/dotnet", "/usr/lib/dotnet/sdk/10.0.100/dotnet.dll", "run")]
    [InlineData(false, "dotnet", "test.dll", "--filter", "run")]
    [InlineData(false, "bash")]
    [InlineData(false, "/usr/bin/run")]
    public void IsRunCommand_CommandLine_IsToldApart(bool expected, params string[] commandLine) =>
        ParentWatch.IsRunCommand(commandLine).ShouldBe(expected);

    [Fact]
    public void Free_ManyTimes_GivesDifferentPorts()
    {
        var ports = Enumerable.Range(0, 200).Select(_ => Ports.Free()).ToList();

        ports.ShouldBeUnique();
    }

    [Fact]
    public void IsFree_SomebodyListens_IsFalse()
    {
        var port = Ports.Free();
        using var listener = Ports.TryListen(port);

        Ports.IsFree(port).ShouldBeFalse();
    }

    public void Dispose() => _directory.Dispose();
}
