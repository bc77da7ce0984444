using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Who waits for whom, as numbers: a resource's stage is one more than the highest stage it waits for.</summary>
internal static class ModelOrder
{
    /// <exception cref="DistributedApplicationException">Resources wait for each other in a circle.</exception>
    public static int Stage(IResource resource) => Stage(resource, []);

    private static int Stage(IResource resource, HashSet<IResource> above)
    {
        if (!above.Add(resource))
            throw new DistributedApplicationException($"'{resource.Name}' waits for itself through other resources.");
        var stage = resource is IResourceWithParent child ? Stage(child.Parent, above) : 0;
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
            stage = Math.Max(stage, 1 + Stage(wait.Resource, above));
        above.Remove(resource);
        return stage;
    }
}
