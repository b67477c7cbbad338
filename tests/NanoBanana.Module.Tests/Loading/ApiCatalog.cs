using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NanoBanana.Module.Tests.Loading;

/// <summary>The public and protected members of a set of assemblies, and the members of such a set that an assembly uses.</summary>
internal sealed class ApiCatalog
{
    private readonly HashSet<ApiName> _names = [];
    private readonly Dictionary<string, string?> _bases = [];

    /// <param name="folder">The folder with the assemblies. Subfolders are included.</param>
    public static ApiCatalog Of(string folder)
    {
        var catalog = new ApiCatalog();
        foreach (string file in Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories))
            Read(file, catalog.Add);
        return catalog;
    }

    /// <summary>The APIs of netstandard that an assembly references.</summary>
    public static IReadOnlyList<ApiName> UsedBy(string file)
    {
        var used = new HashSet<ApiName>();
        Read(file, reader =>
        {
            foreach (TypeReferenceHandle handle in reader.TypeReferences.Where(type => IsStandard(reader, type)))
                used.Add(new ApiName(FullName(reader, handle), null, 0));
            foreach (MemberReference member in reader.MemberReferences.Select(reader.GetMemberReference))
            {
                if (TypeOf(reader, member.Parent) is { } type && IsStandard(reader, type))
                    used.Add(new ApiName(FullName(reader, type), reader.GetString(member.Name), CountParameters(reader, member.Signature)));
            }
        });
        return [.. used];
    }

    /// <summary>Whether an API exists in its type or, as in the runtime's lookup, in one of the base types.</summary>
    public bool Has(ApiName api)
    {
        for (string? type = api.Type; type is not null && _bases.TryGetValue(type, out string? next); type = next)
        {
            if (api.Member is null || _names.Contains(api with { Type = type }))
                return true;
        }
        return false;
    }

    private void Add(MetadataReader reader)
    {
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string name = FullName(reader, handle);
            _bases[name] = type.BaseType.IsNil || TypeOf(reader, type.BaseType) is not { } parent ? null : FullName(reader, parent);
            foreach (MethodDefinition method in type.GetMethods().Select(reader.GetMethodDefinition))
                _names.Add(new ApiName(name, reader.GetString(method.Name), CountParameters(reader, method.Signature)));
            foreach (FieldDefinition field in type.GetFields().Select(reader.GetFieldDefinition))
                _names.Add(new ApiName(name, reader.GetString(field.Name), -1));
        }
    }

    private static void Read(string file, Action<MetadataReader> read)
    {
        using var image = new PEReader(File.OpenRead(file));
        // The folder also has a native library.
        if (image.HasMetadata)
            read(image.GetMetadataReader());
    }

    private static int CountParameters(MetadataReader reader, BlobHandle signature)
    {
        BlobReader blob = reader.GetBlobReader(signature);
        SignatureHeader header = blob.ReadSignatureHeader();
        if (header.Kind != SignatureKind.Method)
            return -1;
        if (header.IsGeneric)
            blob.ReadCompressedInteger();
        return blob.ReadCompressedInteger();
    }

    /// <summary>The type that a member belongs to; null for an array or a global method.</summary>
    private static EntityHandle? TypeOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind is HandleKind.TypeReference or HandleKind.TypeDefinition)
            return parent;
        if (parent.Kind != HandleKind.TypeSpecification)
            return null;
        // ECMA-335 II.23.2.14: GENERICINST (CLASS | VALUETYPE) type.
        BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadByte() != (byte)SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadByte();
        return blob.ReadTypeHandle();
    }

    private static bool IsStandard(MetadataReader reader, EntityHandle type)
    {
        if (type.Kind != HandleKind.TypeReference)
            return false;
        EntityHandle scope = reader.GetTypeReference((TypeReferenceHandle)type).ResolutionScope;
        return scope.Kind == HandleKind.AssemblyReference
            ? reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == "netstandard"
            : IsStandard(reader, scope);
    }

    private static string FullName(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeReference)
        {
            TypeReference type = reader.GetTypeReference((TypeReferenceHandle)handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? FullName(reader, type.ResolutionScope) + "+" + reader.GetString(type.Name)
                : Join(reader, type.Namespace, type.Name);
        }
        TypeDefinition definition = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
        return definition.GetDeclaringType() is { IsNil: false } outer
            ? FullName(reader, outer) + "+" + reader.GetString(definition.Name)
            : Join(reader, definition.Namespace, definition.Name);
    }

    private static string Join(MetadataReader reader, StringHandle space, StringHandle name) =>
        space.IsNil ? reader.GetString(name) : reader.GetString(space) + "." + reader.GetString(name);
}
