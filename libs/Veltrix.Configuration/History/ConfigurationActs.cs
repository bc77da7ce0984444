namespace Veltrix.Configuration.History;

/// <summary>Names of the acts, as the audit has them.</summary>
public static class ConfigurationActs
{
    /// <summary>A configuration was proposed.</summary>
    public const string Propose = "propose";

    /// <summary>A proposal was checked; the reason says with what result.</summary>
    public const string Validate = "validate";

    /// <summary>A proposal was approved.</summary>
    public const string Approve = "approve";

    /// <summary>A proposal was withdrawn.</summary>
    public const string Withdraw = "withdraw";

    /// <summary>A version was published, from a proposal or directly.</summary>
    public const string Publish = "publish";

    /// <summary>A version equal to an earlier one was published.</summary>
    public const string RollBack = "roll-back";

    /// <summary>Publications were stopped.</summary>
    public const string Freeze = "freeze";

    /// <summary>Publications were allowed again.</summary>
    public const string Unfreeze = "unfreeze";

    /// <summary>A path was pinned.</summary>
    public const string Pin = "pin";

    /// <summary>A path was released.</summary>
    public const string Unpin = "unpin";

    /// <summary>A second pair of eyes became required.</summary>
    public const string RequireFourEyes = "require-four-eyes";

    /// <summary>Somebody wants a second pair of eyes to be no longer required; another key has to agree.</summary>
    public const string AskToWaiveFourEyes = "ask-to-waive-four-eyes";

    /// <summary>A second pair of eyes is no longer required.</summary>
    public const string WaiveFourEyes = "waive-four-eyes";
}
