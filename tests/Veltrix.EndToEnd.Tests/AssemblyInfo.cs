// Each platform wants both cores of a small machine: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
