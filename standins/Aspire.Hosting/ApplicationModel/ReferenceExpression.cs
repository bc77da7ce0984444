using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A text with holes. In run mode the holes take values, in the manifest expressions such as
/// <c>{kafka.bindings.tcp.port}</c>. A conditional expression is one of two texts and a resource of its own in the manifest.
/// </summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    public static readonly ReferenceExpression Empty = new(string.Empty, [], []);

    private readonly IReadOnlyList<string?> _formats;

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> holes, IReadOnlyList<string?> formats)
    {
        Format = format;
        ValueProviders = holes;
        _formats = formats;
    }

    private ReferenceExpression(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    )
        : this(string.Empty, [.. whenTrue.ValueProviders, .. whenFalse.ValueProviders], [])
    {
        Condition = condition;
        MatchValue = matchValue;
        WhenTrue = whenTrue;
        WhenFalse = whenFalse;
        Name = ConditionalName.Of(condition, matchValue, whenTrue, whenFalse);
    }

    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public IReadOnlyList<string?> StringFormats => _formats;

    public IReadOnlyList<string> ManifestExpressions =>
        IsConditional ? [] : [.. ValueProviders.Select(hole => ((IManifestExpressionProvider)hole).ValueExpression)];

    public bool IsConditional => Condition is not null;

    public IValueProvider? Condition { get; }

    public string? MatchValue { get; }

    public ReferenceExpression? WhenTrue { get; }

    public ReferenceExpression? WhenFalse { get; }

    /// <summary>The name under which a conditional expression stands in the manifest.</summary>
    internal string? Name { get; }

    public string ValueExpression => IsConditional ? $"{{{Name}.connectionString}}" : Fill([.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References =>
        IsConditional
            ?
            [
                Condition!,
                .. ((IValueWithReferences)WhenTrue!).References,
                .. ((IValueWithReferences)WhenFalse!).References,
            ]
            : ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public static ReferenceExpression CreateConditional(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse
    ) => new(condition, matchValue, whenTrue, whenFalse);

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        if (IsConditional)
        {
            var value = await Condition!.GetValueAsync(cancellationToken);
            var branch = string.Equals(value, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await branch.GetValueAsync(cancellationToken);
        }
        if (Format.Length == 0)
            return null;
        var values = new object?[ValueProviders.Count];
        for (var index = 0; index < values.Length; index++)
        {
            var value = await ValueProviders[index].GetValueAsync(cancellationToken);
            values[index] = value is null ? null : ValueFormat.Apply(value, _formats[index]);
        }
        return Fill(values);
    }

    /// <summary>This text followed by a literal one.</summary>
    internal ReferenceExpression Append(in ExpressionInterpolatedStringHandler literal) =>
        new(Format + literal.Build().Format, ValueProviders, _formats);

    /// <summary>The text with <paramref name="values"/> in its holes.</summary>
    internal string Fill(object?[] values) => string.Format(CultureInfo.InvariantCulture, Format, values);

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength * 2);
        private readonly List<IValueProvider> _holes = new(formattedCount);
        private readonly List<string?> _formats = new(formattedCount);

        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{").Replace("}", "}}"));

        public readonly void AppendFormatted(string? value) => AppendFormatted(value, format: null);

        public readonly void AppendFormatted(string? value, string? format = null)
        {
            if (value is not null)
                AppendLiteral(ValueFormat.Apply(value, format));
        }

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

        public void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_holes.Count}}}");
            _holes.Add(valueProvider);
            _formats.Add(format);
        }

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider.Resource, format: null);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), _holes, _formats);
    }
}
