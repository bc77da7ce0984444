using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Veltrix.StandIns.Tests.Model;

public class ParameterTests
{
    [Fact]
    public async Task AddParameter_Configured_HasTheConfiguredValue()
    {
        var builder = Running.CreateBuilder(("Parameters:key", "mine"));

        (await ValueOf(builder.AddParameter("key", new GenerateParameterDefault { MinLength = 8 }))).ShouldBe("mine");
    }

    [Fact]
    public async Task AddParameter_NeitherConfiguredNorDefault_SaysWhichKeyIsMissing()
    {
        var parameter = Running.CreateBuilder().AddParameter("key");

        var failure = await Should.ThrowAsync<MissingParameterValueException>(async () => await ValueOf(parameter));

        failure.Message.ShouldContain("'Parameters:key'");
    }

    [Fact]
    public async Task AddParameter_Persistent_AsksTheStore()
    {
        var builder = Running.CreateBuilder();
        builder.Services.AddSingleton<IParameterStore>(new Store());
        var kept = builder.AddParameter("kept", new GenerateParameterDefault { MinLength = 8 }, persist: true);
        var fresh = builder.AddParameter("fresh", new GenerateParameterDefault { MinLength = 8 });
        await using var application = builder.Build();

        (await ValueOf(kept)).ShouldBe("stored kept");
        (await ValueOf(fresh))!.Length.ShouldBe(8);
    }

    [Fact]
    public async Task AddPostgres_WithoutPassword_GeneratesAPersistentSecret()
    {
        var builder = Running.CreateBuilder();
        builder.Services.AddSingleton<IParameterStore>(new Store());
        var password = builder.AddPostgres("postgres").Resource.PasswordParameter;
        await using var application = builder.Build();

        password.Secret.ShouldBeTrue();
        (await password.GetValueAsync(TestContext.Current.CancellationToken)).ShouldBe("stored postgres-password");
    }

    [Fact]
    public void GetDefaultValue_EveryKind_MeetsLengthAndMinimums()
    {
        var value = new GenerateParameterDefault
        {
            MinLength = 6,
            MinLower = 2,
            MinUpper = 3,
            MinNumeric = 4,
            MinSpecial = 5,
        }.GetDefaultValue();

        value.Length.ShouldBe(14);
        value.Count(char.IsAsciiLetterLower).ShouldBe(2);
        value.Count(char.IsAsciiLetterUpper).ShouldBe(3);
        value.Count(char.IsAsciiDigit).ShouldBe(4);
    }

    [Fact]
    public void GetDefaultValue_ExcludedKinds_DoNotAppear()
    {
        var value = new GenerateParameterDefault
        {
            MinLength = 500,
            Special = false,
            Upper = false,
        }.GetDefaultValue();

        value.Length.ShouldBe(500);
        value.ShouldAllBe(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character));
    }

    [Fact]
    public void GetDefaultValue_MinimumOfAnExcludedKind_IsRefused() =>
        Should.Throw<InvalidOperationException>(() =>
            new GenerateParameterDefault { Numeric = false, MinNumeric = 1 }.GetDefaultValue()
        );

    private static ValueTask<string?> ValueOf(IResourceBuilder<ParameterResource> parameter) =>
        parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken);

    private sealed class Store : IParameterStore
    {
        public string GetOrCreate(string name, ParameterDefault parameterDefault) => $"stored {name}";
    }
}
