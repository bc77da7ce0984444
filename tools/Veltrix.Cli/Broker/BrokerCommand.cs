using System.CommandLine;

namespace Veltrix.Cli.Broker;

/// <summary><c>veltrix broker</c>: looks at what Veltrix.Broker keeps.</summary>
internal static class BrokerCommand
{
    public static Command Create(CliContext context) =>
        new("broker", "Look at the files of a local broker") { new InspectCommand().Create(context) };
}
