using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Veltrix.StandIns.Tests.Signatures;

/// <summary>
/// Writes what callers can see of an assembly, one fact a line: kinds of types, base types, interfaces, members with
/// parameter names, defaults and constraints. Left out are nullability of references, attributes and <c>virtual</c>.
/// </summary>
/// <remarks>Every accessor is a line of its own, so that a stand-in may offer the getter of a property only.</remarks>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(Of).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Of(Type type)
    {
        var name = TypeName.Of(type);
        yield return $"{Kind(type)} {name}{Constraints(type.GetGenericArguments())}";
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
                );
            yield break;
        }
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            yield return $"{name} extends {TypeName.Of(parent)}";
        foreach (var contract in type.GetInterfaces())
            if (contract.IsVisible)
                yield return $"{name} implements {TypeName.Of(contract)}";
        foreach (var member in type.GetMembers(Declared).SelectMany(Of))
            yield return $"{name}: {member}";
    }

    private static IEnumerable<string> Of(MemberInfo member) =>
        member switch
        {
            // Synthesized members of records and the accessors of properties.
            _ when member.Name.Contains('<') => [],
            FieldInfo field when Access(field.Attributes & FieldAttributes.FieldAccessMask) is { } access =>
            [
                $"{access}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeName.Of(field.FieldType)} {field.Name}",
            ],
            ConstructorInfo constructor when !constructor.IsStatic && Access(constructor) is { } access =>
            [
                $"{access}new({Parameters(constructor)})",
            ],
            MethodInfo { IsSpecialName: false } method when Access(method) is { } access => [Method(method, access)],
            MethodInfo { IsSpecialName: true } method
                when method.Name.StartsWith("op_", StringComparison.Ordinal) && Access(method) is { } access =>
            [
                Method(method, access),
            ],
            PropertyInfo property => property
                .GetAccessors(nonPublic: true)
                .Where(accessor => Access(accessor) is not null)
                .Select(accessor => Accessor(property, accessor)),
            _ => [],
        };

    private static string Method(MethodInfo method, string access)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName.Of))}>"
            : "";
        return $"{access}{Modifiers(method)}{TypeName.Of(method.ReturnType)} {method.Name}{generic}({extension}{Parameters(method)}){Constraints(method.GetGenericArguments())}";
    }

    private static string Accessor(PropertyInfo property, MethodInfo accessor)
    {
        var kind =
            accessor == property.GetMethod ? "get"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init"
            : "set";
        var required = kind != "get" && property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters().Length > 0 ? $"[{Parameters(property.GetIndexParameters())}]" : "";
        return $"{Access(accessor)}{Modifiers(accessor)}{required}{TypeName.Of(property.PropertyType)} {property.Name}{index} {{ {kind}; }}";
    }

    // Inside an interface every member is for implementers, and the listings do not tell which have a body.
    private static string Modifiers(MethodInfo method) =>
        (method.IsStatic ? "static " : "")
        + (method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "");

    private static string? Access(MethodBase method) => Access((FieldAttributes)((int)method.Attributes & 7));

    private static string? Access(FieldAttributes access) =>
        access switch
        {
            FieldAttributes.Public => "",
            FieldAttributes.Family or FieldAttributes.FamORAssem => "protected ",
            _ => null,
        };

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var passing =
            parameter.IsOut ? "out "
            : parameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "in "
            : parameter.ParameterType.IsByRef ? "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : "";
        var fallback = parameter.HasDefaultValue ? $" = {Default(parameter)}" : "";
        return $"{passing}{TypeName.Of(parameter.ParameterType)} {parameter.Name}{fallback}";
    }

    private static string Default(ParameterInfo parameter) =>
        parameter.RawDefaultValue switch
        {
            null
                when parameter.ParameterType.IsValueType
                    && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
            null => "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Constraints(Type[] arguments) =>
        string.Concat(arguments.Where(argument => argument.IsGenericParameter).Select(Constraint));

    private static string Constraint(Type argument)
    {
        var flags = argument.GenericParameterAttributes;
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts =
        [
            .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : (string[])[],
            .. isStruct ? ["struct"] : (string[])[],
            .. argument
                .GetGenericParameterConstraints()
                .Where(constraint => constraint != typeof(ValueType))
                .Select(TypeName.Of)
                .Order(StringComparer.Ordinal),
            .. !isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)
                ? ["new()"]
                : (string[])[],
        ];
        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
            { IsValueType: true } => type.IsByRefLike ? "ref struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
}
