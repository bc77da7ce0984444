namespace Veltrix.Configuration.Options;

/// <summary>Numbers from <paramref name="Minimum"/> to <paramref name="Maximum"/>, or so many entries of a list; both included.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
public sealed record OptionRange(long Minimum, long Maximum)
{
    internal static OptionRange Of(Range<int> range) => new(range.Minimum, range.Maximum);

    internal static OptionRange Of(Range<long> range) => new(range.Minimum, range.Maximum);
}
