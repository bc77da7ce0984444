namespace Veltrix.ServiceDefaults.Security;

/// <summary>Knows the keys. Named users and many keys come behind this interface.</summary>
public interface IKeyring
{
    /// <summary>The caller who presents <paramref name="key"/>, or null for an unknown key; takes the same time for every unknown key.</summary>
    Caller? Find(string key);
}
