using Veltrix.Admin.Clients;
using Veltrix.Admin.Components;
using Veltrix.Admin.Live;
using Veltrix.Admin.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSignIn();
builder.AddClients();
builder.AddLive();
builder.AddPages();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseBrowserDefaults();
app.MapSignOut();
app.MapPages();
await app.RunUntilStoppedAsync();

/// <summary>The admin site; named for the tests that start it.</summary>
internal sealed partial class Program;
