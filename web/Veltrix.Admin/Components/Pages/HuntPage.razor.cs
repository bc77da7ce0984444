using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Live;

namespace Veltrix.Admin.Components.Pages;

/// <summary>One hunt, with everything that happened to it.</summary>
public sealed partial class HuntPage
{
    private Problem? _problem;

    /// <summary>Id of the hunt, from the address.</summary>
    [Parameter]
    public string HuntId { get; set; } = "";

    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public HuntDetail? Hunt { get; set; }

    [Inject]
    private ProcessorClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Hunts);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Hunt?.HuntId != HuntId)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnLiveAsync()
    {
        if (Hunt?.EndedAt is null || _problem is not null)
            await LoadAsync();
    }

    private Task LoadAsync() =>
        LoadOnceAsync(async () =>
        {
            var answer = await Client.HuntAsync(HuntId, Left);
            Hunt = answer.Value ?? (Hunt?.HuntId == HuntId ? Hunt : null);
            _problem = answer.Problem;
        });
}
