using Microsoft.Extensions.Options;
using Veltrix.Broker;
using Veltrix.Broker.Network;

if (BrokerCommandLine.FindUnknown(args) is { } unknown)
{
    await Console.Error.WriteLineAsync($"Not understood: {unknown}\n{BrokerCommandLine.Usage}");
    return 2;
}
try
{
    var builder = WebApplication.CreateBuilder();
    builder.Configuration.AddCommandLine(args, BrokerCommandLine.Switches);
    builder.AddServiceDefaults();
    builder.AddBroker();
    builder.Services.AddHostedService<TimeSlices>();
    var app = builder.Build();
    app.Services.GetRequiredService<BrokerNode>().ObserveBroker(app.Services.GetRequiredService<KafkaServer>());
    app.MapDefaultEndpoints();
    await app.RunUntilStoppedAsync();
    return 0;
}
catch (OptionsValidationException error)
{
    foreach (var failure in error.Failures)
        await Console.Error.WriteLineAsync(failure);
    return 1;
}
catch (BrokerStartException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
