namespace Veltrix.Config.Tests;

/// <summary>A running service, in this process or in one of its own.</summary>
internal interface IConfigService
{
    /// <summary>A client with the key of a role, or of <see cref="Replica.SecondOperator"/>; without a key for null.</summary>
    HttpClient As(string? name);
}
