namespace Veltrix.ServiceDefaults.Security;

/// <summary>Who presents a key.</summary>
/// <param name="Name">Name of the key; author of what it publishes.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
public sealed record Caller(string Name, string Role);
