using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Veltrix.Events;

namespace Veltrix.Admin.Clients;

/// <summary>Turns every way in which a request can end into an <see cref="Answer{T}"/>.</summary>
internal abstract class ServiceClient(HttpClient http, IRequestKey requestKey)
{
    /// <summary>People wait for the answer, so it comes soon or is a problem.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Closed sets travel as names, and some of them do not say so themselves.
        Converters = { new JsonStringEnumConverter() },
    };

    protected Task<Answer<T>> GetAsync<T>(string address, CancellationToken cancellation)
        where T : class => SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, address), cancellation);

    protected async Task<Answer<T>> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellation)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerLimit);
        try
        {
            using var owned = request;
            if (await requestKey.FindAsync() is not { Length: > 0 } key)
                return Problem.Of(
                    ErrorCatalogue.Unauthenticated,
                    "There is no key to ask with: the session has ended, or Keys:Operator is not set."
                );
            request.Headers.Authorization = new("Bearer", key);
            using var answer = await http.SendAsync(request, limit.Token);
            if (!answer.IsSuccessStatusCode)
                return await Problem.ReadAsync(answer, limit.Token);
            return await answer.Content.ReadFromJsonAsync<T>(Json, limit.Token) is { } value
                ? value
                : Problem.Of(ErrorCatalogue.Internal, $"The service {Name} answered null.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unreachable($"did not answer within {AnswerLimit.TotalSeconds:0} seconds.");
        }
        catch (JsonException error)
        {
            return Problem.Of(ErrorCatalogue.Internal, $"The answer of {Name} could not be read: {error.Message}");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever transport and resilience throw, the service was not reached.
            return Unreachable($"could not be reached: {error.GetBaseException().Message}");
        }
    }

    /// <summary>A POST with its reason, and what else it needs, in the query.</summary>
    protected static HttpRequestMessage Act(
        string address,
        string? reason,
        params ReadOnlySpan<(string Name, string Value)> parameters
    )
    {
        var query = reason is null ? QueryString.Empty : QueryString.Create("reason", reason);
        foreach (var (name, value) in parameters)
            query = query.Add(name, value);
        return new(HttpMethod.Post, $"{address}{query}");
    }

    /// <summary>The query of one page of a list that is read newest first.</summary>
    protected static string PageOf(int? before, int limit) =>
        before is null ? Invariant($"?limit={limit}") : Invariant($"?before={before}&limit={limit}");

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Name => http.BaseAddress!.Host;

    private Problem Unreachable(string what) =>
        Problem.Of(ErrorCatalogue.ServiceUnreachable, $"The service {Name} {what}");
}
