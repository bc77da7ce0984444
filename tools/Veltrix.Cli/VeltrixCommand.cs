using System.CommandLine;
using Veltrix.Cli.Broker;
using Veltrix.Cli.Configurations;
using Veltrix.Cli.Diagnosing;
using Veltrix.Cli.Fleet;
using Veltrix.Cli.Hunts;
using Veltrix.Cli.Load;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Cli.Send;
using Veltrix.Cli.Watchers;
using Veltrix.Events;

namespace Veltrix.Cli;

/// <summary>The command line as a whole.</summary>
internal static class VeltrixCommand
{
    public static RootCommand Create(CliContext context)
    {
        var platform = new PlatformOptions();
        var root = new RootCommand("Works with a running Veltrix platform.")
        {
            new SendCommand().Create(platform, context),
            new LoadCommand().Create(platform, context),
            new HuntsCommand().Create(platform, context),
            new FleetCommand().Create(platform, context),
            new WatchersCommand().Create(platform, context),
            new ConfigCommand(platform, context).Create(),
            new DoctorCommand().Create(context),
            BrokerCommand.Create(context),
        };
        platform.AddTo(root);
        return root;
    }

    /// <summary>Runs one command; its exit code is one of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, CliContext context, CancellationToken cancellation)
    {
        var parsed = Create(context).Parse(arguments);
        var invocation = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            var code = await parsed.InvokeAsync(invocation, cancellation);
            return parsed.Errors.Count > 0 ? ExitCode.CouldNotRun : code;
        }
        catch (CliException exception)
        {
            ErrorWriter.Write(context.Error, exception);
            return exception.ExitCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            ErrorWriter.Write(context.Error, new CliException(ErrorCatalogue.ServiceUnreachable, exception.Message));
            return ExitCode.CouldNotRun;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine("Cancelled.");
            return ExitCode.Cancelled;
        }
    }
}
