using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Security;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Asks for the operator key.</summary>
public sealed partial class SignInPage
{
    private string? _refusal;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm]
    private string? Key { get; set; }

    [Inject]
    private SignIn SignIn { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (HttpMethods.IsGet(Context.Request.Method) && Context.User.Identity?.IsAuthenticated == true)
            Leave();
    }

    private async Task SubmitAsync()
    {
        _refusal = await SignIn.TryAsync(Context, Key);
        if (_refusal is null)
            Leave();
    }

    private void Leave() => Navigation.NavigateTo(Security.SignIn.LocalPath(ReturnUrl));
}
