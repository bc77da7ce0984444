using Veltrix.Processor;

await ProcessorApplication.Build(args).RunUntilStoppedAsync();
