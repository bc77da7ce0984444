using System.Net.Http.Json;
using System.Text.Json;
using Veltrix.Configuration;

namespace Veltrix.Config.Tests;

internal static class ResponseExtensions
{
    public static async Task<ConfigurationVersion> VersionAsync(this HttpResponseMessage response) =>
        (
            await response.Content.ReadFromJsonAsync(
                ConfigurationJson.Default.ConfigurationVersion,
                TestContext.Current.CancellationToken
            )
        )!;

    /// <summary>The problem document of a refusal.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response)
    {
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public static async Task<string?> CodeAsync(this HttpResponseMessage response) =>
        (await response.ProblemAsync()).GetProperty("code").GetString();

    /// <summary>Expects a refusal.</summary>
    public static async Task ShouldBeRefusedAsync(this Task<HttpResponseMessage> request, int status, string code)
    {
        using var response = await request;
        ((int)response.StatusCode).ShouldBe(status);
        (await response.CodeAsync()).ShouldBe(code);
    }
}
