using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// What the written resources refer to without being in the model: generated parameters, their encoded forms and
/// conditional values. They follow the model in the manifest, in the order in which they were first met.
/// </summary>
internal sealed class ManifestReferences(DistributedApplicationModel model)
{
    private readonly HashSet<string> _names = new(
        model.Resources.Select(resource => resource.Name),
        StringComparer.OrdinalIgnoreCase
    );
    private readonly OrderedDictionary<string, IResource> _resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly OrderedDictionary<ParameterResource, OrderedDictionary<string, string>> _encoded = [];
    private readonly OrderedDictionary<string, ReferenceExpression> _conditionals = new(
        StringComparer.OrdinalIgnoreCase
    );

    public IEnumerable<IResource> NotInModel => _resources.Values.Except(model.Resources).ToList();

    public IReadOnlyCollection<ReferenceExpression> Conditionals => _conditionals.Values;

    /// <summary>Parameters whose encoded forms <see cref="TakeEncoded"/> has not given out yet.</summary>
    public IEnumerable<ParameterResource> WithEncodedForms => _encoded.Keys.ToList();

    /// <summary>Notes all that <paramref name="value"/> refers to.</summary>
    public void Add(object? value) => Add(value, new HashSet<object>(ReferenceEqualityComparer.Instance));

    /// <summary>The expression of <paramref name="reference"/>, in which encoded parameters go by the names of their encoded forms.</summary>
    public string ExpressionOf(ReferenceExpression reference)
    {
        if (reference.IsConditional)
            return reference.ValueExpression;
        var expressions = reference.ManifestExpressions.Cast<object?>().ToArray();
        for (var index = 0; index < expressions.Length; index++)
            if (
                reference.StringFormats[index] is { } format
                && ParameterOf(reference.ValueProviders[index]) is { } parameter
            )
                expressions[index] = $"{{{EncodedName(parameter, format)}.value}}";
        return reference.Fill(expressions);
    }

    /// <summary>Name and format of every encoded form of <paramref name="parameter"/>; each is given out once.</summary>
    public IEnumerable<(string Name, string Format)> TakeEncoded(ParameterResource parameter) =>
        _encoded.Remove(parameter, out var forms) ? forms.Select(form => (form.Value, form.Key)) : [];

    private void Add(object? value, HashSet<object> path)
    {
        if (value is ReferenceExpression expression)
            AddExpression(expression);
        if (value is IResource resource)
        {
            _resources.TryAdd(resource.Name, resource);
            _names.Add(resource.Name);
        }
        else if (value is IValueWithReferences references && path.Add(value))
        {
            foreach (var reference in references.References)
                Add(reference, path);
            path.Remove(value);
        }
    }

    private void AddExpression(ReferenceExpression expression)
    {
        if (expression.IsConditional)
        {
            _conditionals.TryAdd(expression.Name!, expression);
            _names.Add(expression.Name!);
            AddExpression(expression.WhenTrue!);
            AddExpression(expression.WhenFalse!);
            return;
        }
        for (var index = 0; index < expression.ValueProviders.Count; index++)
            if (
                expression.StringFormats[index] is { } format
                && ParameterOf(expression.ValueProviders[index]) is { } parameter
            )
                EncodedName(parameter, format);
    }

    private string EncodedName(ParameterResource parameter, string format)
    {
        if (!_encoded.TryGetValue(parameter, out var forms))
            _encoded.Add(parameter, forms = new OrderedDictionary<string, string>(StringComparer.Ordinal));
        if (forms.TryGetValue(format, out var known))
            return known;
        var name = $"{parameter.Name}-{format}-encoded";
        for (var suffix = 1; !_names.Add(name); suffix++)
            name = $"{parameter.Name}-{format}-encoded-{suffix}";
        forms.Add(format, name);
        return name;
    }

    private static ParameterResource? ParameterOf(IValueProvider provider) =>
        provider switch
        {
            ParameterResource parameter => parameter,
            ReferenceExpression { Format: "{0}", ValueProviders: [ParameterResource parameter] } => parameter,
            _ => null,
        };
}
