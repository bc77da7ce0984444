namespace Veltrix.StandIns.Tests.Signatures;

/// <summary>Names a type as C# does, with its namespace.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ushort)] = "ushort",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsByRef)
            return Of(type.GetElementType()!);
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return $"{Of(value)}?";
        return type.IsGenericParameter ? type.Name : Qualified(type);
    }

    // A nested type carries the arguments of its outer types, too; each name takes those that are its own.
    private static string Qualified(Type type)
    {
        var outer = type.DeclaringType;
        var taken = outer?.GetGenericArguments().Length ?? 0;
        var own = type.GetGenericArguments().Skip(taken).Select(Of).ToList();
        var prefix =
            outer is not null
                ? Of(
                    outer.IsGenericTypeDefinition && !type.IsGenericTypeDefinition
                        ? outer.MakeGenericType([.. type.GetGenericArguments().Take(taken)])
                        : outer
                ) + "."
            : type.Namespace is { } scope ? scope + "."
            : "";
        var name = type.Name.Split('`')[0];
        return prefix + (own.Count == 0 ? name : $"{name}<{string.Join(", ", own)}>");
    }
}
