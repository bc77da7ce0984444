namespace Veltrix.Admin.Components.Layout;

/// <summary>The two looks. The browser remembers the choice in a cookie, so that the first paint has the right one.</summary>
internal static class Appearance
{
    public const string Light = "standard";
    public const string Dark = "standard-dark";
    public const string CookieName = "veltrix-theme";

    public static string FromCookie(string? value) => value == Dark ? Dark : Light;
}
