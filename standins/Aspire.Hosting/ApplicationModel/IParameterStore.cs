namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps generated parameter values between runs.</summary>
internal interface IParameterStore
{
    /// <summary>The kept value of <paramref name="name"/>; at the first call a fresh one of <paramref name="parameterDefault"/>.</summary>
    string GetOrCreate(string name, ParameterDefault parameterDefault);
}
