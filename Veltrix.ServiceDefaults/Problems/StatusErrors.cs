using Microsoft.AspNetCore.Http;
using Veltrix.Events;

namespace Veltrix.ServiceDefaults.Problems;

/// <summary>The catalogue's entry for a status that came without one, from the framework or a middleware.</summary>
internal static class StatusErrors
{
    public static Error For(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => ErrorCatalogue.Unauthenticated,
            StatusCodes.Status403Forbidden => ErrorCatalogue.Forbidden,
            StatusCodes.Status404NotFound => ErrorCatalogue.NotFound,
            StatusCodes.Status405MethodNotAllowed => ErrorCatalogue.MethodNotAllowed,
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status431RequestHeaderFieldsTooLarge =>
                ErrorCatalogue.OversizedRequest,
            StatusCodes.Status415UnsupportedMediaType => ErrorCatalogue.UnsupportedMediaType,
            StatusCodes.Status503ServiceUnavailable => ErrorCatalogue.NotReady,
            >= 400 and < 500 => ErrorCatalogue.InvalidRequest,
            _ => ErrorCatalogue.Internal,
        };
}
