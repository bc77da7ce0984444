using Veltrix.Cli;

return await VeltrixCommand.RunAsync(
    args,
    new CliContext(Console.Out, Console.Error, Console.OpenStandardInput, Environment.CurrentDirectory),
    CancellationToken.None
);
