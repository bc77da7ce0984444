using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.Events;

namespace Veltrix.ServiceDefaults.Problems;

/// <summary>RFC 9457 problem details with a code of the <see cref="ErrorCatalogue"/>.</summary>
public static class ProblemExtensions
{
    internal const string CodeMember = "code";
    internal const string FixMember = "fix";
    internal const string TraceMember = "traceId";
    internal const string RetryAfterMember = "retryAfterSeconds";

    /// <summary>Adds problem details for exceptions and bare status codes.</summary>
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // Before the framework's writer, which is silent when the caller does not name JSON in Accept.
        builder.Services.AddSingleton<IProblemDetailsWriter, CatalogueProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        // Without it an unreadable body is a bare 400, and what was wrong with it is lost.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>Answers exceptions and bare status codes with problem details.</summary>
    /// <remarks>A site's pages (Razor components) keep their own error pages for whoever asks for HTML.</remarks>
    public static void UseProblems(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var hasPages = app
            .Services.GetRequiredService<IServiceProviderIsService>()
            .IsService(typeof(NavigationManager));
        if (hasPages)
            app.UseWhen(context => !AsksForPage(context.Request), UseHandlers);
        else
            UseHandlers(app);
    }

    /// <summary>A problem document for <paramref name="error"/>.</summary>
    /// <param name="error">Entry of the catalogue; its status is the answer's.</param>
    /// <param name="detail">What happened this time.</param>
    /// <param name="extensions">Further members, for instance <c>errors</c>.</param>
    /// <param name="retryAfter">When to try again: header <c>Retry-After</c> in whole seconds, rounded up. 429 and 503 always carry one, 1 second if not said.</param>
    public static ProblemHttpResult ToProblem(
        this Error error,
        string? detail = null,
        IDictionary<string, object?>? extensions = null,
        TimeSpan? retryAfter = null
    )
    {
        ArgumentNullException.ThrowIfNull(error);
        var members = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [CodeMember] = error.Code,
            [FixMember] = error.Fix,
        };
        if (retryAfter is { } delay)
            members[RetryAfterMember] = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds));
        foreach (var (name, value) in extensions ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            members[name] = value;
        return TypedResults.Problem(detail, statusCode: error.Status, title: error.Title, extensions: members);
    }

    private static void UseHandlers(IApplicationBuilder app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }

    private static bool AsksForPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
