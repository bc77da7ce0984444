namespace Veltrix.Configuration;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    // Longer ones are no slips of the pen, and the comparison is quadratic.
    private const int LongestCharacters = 64;

    /// <summary>The known name with the fewest edits, if at most half of its characters differ; else null.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestCharacters)
            return null;
        var (nearest, edits) = known
            .Select(candidate => (candidate, Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .MinBy(pair => pair.Item2);
        return nearest is not null && edits * 2 <= nearest.Length ? nearest : null;
    }

    // Levenshtein's distance, one row at a time.
    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var replaced = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(diagonal, row[j]));
            }
        }
        return row[^1];
    }
}
