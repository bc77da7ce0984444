using System.Globalization;
using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Components.Shared;

/// <summary>How many hunts are in each state, as bars.</summary>
public sealed partial class HuntShares
{
    [Parameter, EditorRequired]
    public IReadOnlyDictionary<string, long> Counts { get; set; } =
        new Dictionary<string, long>(StringComparer.Ordinal);

    private long Total => Counts.Values.Sum();

    private IEnumerable<(string State, long Count)> States =>
        HuntStates.All.Union(Counts.Keys).Select(state => (state, Counts.GetValueOrDefault(state)));

    private string Share(long count) => (100.0 * count / Total).ToString("0.##", CultureInfo.InvariantCulture);
}
