// A service of nothing but the defaults, for tests that need a process of its own: signals, standard output.
using Microsoft.Extensions.Hosting;
using Veltrix.ServiceDefaults.Health;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var app = builder.Build();

app.MapGet(
    "/until-draining",
    async (DrainState drain, HttpResponse response, CancellationToken aborted) =>
    {
        await response.WriteAsync("begun ", aborted);
        await response.Body.FlushAsync(aborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, drain.Draining)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await response.WriteAsync("and finished", aborted);
    }
);
app.MapDefaultEndpoints();
app.Run();
