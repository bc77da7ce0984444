using Microsoft.AspNetCore.Components.Authorization;
using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Security;

/// <summary>
/// The key that whoever looks at the page has signed in with, so that author and approver are who they are. It is asked for
/// with every request: a page that is still open after its session has ended has none.
/// </summary>
internal sealed class SessionKey(AuthenticationStateProvider authentication, Sessions sessions) : IRequestKey
{
    public async Task<string?> FindAsync() => sessions.KeyOf((await authentication.GetAuthenticationStateAsync()).User);
}
