namespace Veltrix.Configuration.Validation;

internal static class LimitsRules
{
    public static void Check(LimitsConfiguration limits, ErrorList errors)
    {
        errors.Range("$.limits.cores", limits.Cores, ConfigurationLimits.Cores);
        errors.Range("$.limits.memoryBytes", limits.MemoryBytes, ConfigurationLimits.MemoryBytes);
        errors.Range("$.limits.fileDescriptors", limits.FileDescriptors, ConfigurationLimits.FileDescriptors);
        errors.Range("$.limits.diskBytes", limits.DiskBytes, ConfigurationLimits.DiskBytes);
        errors.Range("$.limits.connections", limits.Connections, ConfigurationLimits.Connections);
        errors.Range("$.limits.ingestNodes", limits.IngestNodes, ConfigurationLimits.Nodes);
        errors.Range("$.limits.processorNodes", limits.ProcessorNodes, ConfigurationLimits.Nodes);
        errors.Range("$.limits.machines", limits.Machines, ConfigurationLimits.Machines);
    }
}
