namespace Veltrix.Configuration.Rollouts;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Probability of a value above <paramref name="z"/>, to within 1.2e-7 of its size (Numerical Recipes, section 6.2: erfc by Chebyshev).</summary>
    public static double Above(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + 0.5 * x);
        ReadOnlySpan<double> coefficients =
        [
            -1.26551223,
            1.00002368,
            0.37409196,
            0.09678418,
            -0.18628806,
            0.27886807,
            -1.13520398,
            1.48851587,
            -0.82215223,
            0.17087277,
        ];
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            sum = sum * t + coefficients[i];
        var tail = t * Math.Exp(-x * x + sum) / 2;
        return z >= 0 ? tail : 1 - tail;
    }
}
