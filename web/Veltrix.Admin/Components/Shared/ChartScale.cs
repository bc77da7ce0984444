namespace Veltrix.Admin.Components.Shared;

/// <summary>An axis from zero with round numbers on it.</summary>
/// <param name="Maximum">Top of the axis; a little above the highest value.</param>
/// <param name="Step">Distance of the grid's lines.</param>
internal readonly record struct ChartScale(double Maximum, double Step)
{
    private const int Lines = 4;
    private const double Headroom = 1.05;

    public static ChartScale For(double highest)
    {
        if (!(highest > 0))
            return new ChartScale(1, 0.25);
        var wanted = highest * Headroom / Lines;
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        double[] round = [1, 2, 2.5, 5, 10];
        var step = round.First(factor => factor * power >= wanted * (1 - 1e-9)) * power;
        return new ChartScale(step * Lines, step);
    }
}
