using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    // Long enough for 128 bits of randomness from letters and digits.
    private const int PasswordLengthCharacters = 22;

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        bool secret = false
    ) => builder.AddResource(Create(builder, name, secret, parameterDefault: null, persist: false));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false
    ) => builder.AddResource(Create(builder, name, secret, value, persist));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        string name,
        string? environmentVariableName = null
    ) =>
        builder.AddResource(
            new ConnectionStringParameterResource(
                name,
                _ =>
                    builder.Configuration.GetConnectionString(name)
                    ?? throw new MissingParameterValueException(
                        $"Connection string parameter resource could not be used because connection string '{name}' is missing."
                    ),
                environmentVariableName
            )
        );

    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0
    ) =>
        Create(
            builder,
            name,
            secret: true,
            new GenerateParameterDefault
            {
                MinLength = PasswordLengthCharacters,
                Lower = lower,
                Upper = upper,
                Numeric = numeric,
                Special = special,
                MinLower = minLower,
                MinUpper = minUpper,
                MinNumeric = minNumeric,
                MinSpecial = minSpecial,
            },
            persist: true
        );

    private static ParameterResource Create(
        IDistributedApplicationBuilder builder,
        string name,
        bool secret,
        ParameterDefault? parameterDefault,
        bool persist
    ) => new(name, fallback => Value(builder, name, fallback, persist), secret) { Default = parameterDefault };

    private static string Value(
        IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault? fallback,
        bool persist
    )
    {
        if (builder.Configuration[$"Parameters:{name}"] is { } configured)
            return configured;
        if (fallback is null)
            throw new MissingParameterValueException(
                $"Parameter resource could not be used because configuration key 'Parameters:{name}' is missing and the Parameter has no default value."
            );
        var store = persist ? builder.ExecutionContext.Services?.GetService<IParameterStore>() : null;
        return store?.GetOrCreate(name, fallback) ?? fallback.GetDefaultValue();
    }
}
