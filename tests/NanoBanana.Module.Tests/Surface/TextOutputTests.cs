using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace NanoBanana.Module.Tests.Surface;

/// <summary>Texts for users leave the module in only a few places, each of which cleans them for a terminal.</summary>
public sealed class TextOutputTests
{
    [Theory]
    [InlineData(
        "Cmdlet", "^(Write(Warning|Verbose|Debug|Progress|Information|CommandDetail)|Should(Process|Continue))$", "NanoBananaCmdlet")]
    [InlineData("ErrorRecord", "^[.]ctor$", "ErrorCatalog")]
    [InlineData("ErrorDetails", "^[.]ctor$", "ErrorCatalog")]
    [InlineData("CompletionResult", "^[.]ctor$", "ValueCompleter")]
    [InlineData("PSHostUserInterface", "^(Write|Prompt)", "ConsoleTerminal, StopNotice")]
    [InlineData("Console", "^(Write|get_Out|get_Error)", "ConsoleTerminal")]
    public void Texts_are_written_only_by_these_types(string type, string member, string caller) =>
        Assert.Equal(caller, string.Join(", ", CallersOf(type, member)));

    [Fact]
    public void Views_show_only_cleaned_texts_and_addresses()
    {
        string file = Path.Combine(StagedModule.Lib, "NanoBanana.Models.dll");
        Type[] models = [.. System.Reflection.Assembly.LoadFrom(file).GetExportedTypes()];
        string format = Directory.GetFiles(StagedModule.Folder, "NanoBanana.format.ps1xml", SearchOption.AllDirectories).Single();
        XElement[] views = [.. XDocument.Load(format).Descendants("View")];
        Assert.NotEmpty(views);
        foreach (XElement view in views)
        {
            XElement[] shown = [.. view.Descendants()
            .Where(e => e.Name == "PropertyName" || (e.Name == "ScriptBlock" && e.Parent!.Name != "ItemSelectionCondition"))];
            string typeName = view.Descendants("TypeName").First().Value;
            Type? type = models.SingleOrDefault(model => model.FullName == typeName);
            // A masked key has only ASCII letters, because a header accepts no others.
            Assert.All(shown.Where(e => e.Name == "PropertyName" && e.Value != "MaskedKey"), e => Assert.False(
                type?.GetProperty(e.Value)?.PropertyType is { } shownType && ShowsText(shownType),
                $"{typeName} shows {e.Value} without cleaning."));
            Assert.All(shown.Where(e => e.Name == "ScriptBlock"), e => Assert.Matches(
                @"^(\$_\.View\.\w+|\$_\.Counters\.\w+|\$_\.Task\.TotalTokens|\$_\.Submitting \+ \$_\.Pending \+ \$_\.Running)$", e.Value));
        }
    }

    /// <summary>Whether values of a type contain text or addresses.</summary>
    private static bool ShowsText(Type type) => type == typeof(string) || type == typeof(Uri)
        || (type.IsAssignableTo(typeof(System.Collections.IEnumerable))
            && !type.ToString().Contains("ImageOutput", StringComparison.Ordinal));

    /// <summary>The outermost types of the module's assembly whose code calls a member of a type or takes its address.</summary>
    private static SortedSet<string> CallersOf(string type, string member)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(StagedModule.Lib, "NanoBanana.dll")));
        MetadataReader reader = image.GetMetadataReader();
        HashSet<int> tokens = [.. reader.MemberReferences
            .Where(handle => reader.GetMemberReference(handle) is var reference
                && reference.Parent.Kind == HandleKind.TypeReference
                && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)reference.Parent).Name) == type
                && System.Text.RegularExpressions.Regex.IsMatch(reader.GetString(reference.Name), member))
            .Select(handle => MetadataTokens.GetToken(handle))];
        var callers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinition method in reader.MethodDefinitions.Select(reader.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0))
        {
            byte[] code = image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            // ECMA-335 III: an instruction with a method has its token in the four bytes after call, callvirt, newobj or ldftn.
            bool isCaller = Enumerable.Range(1, Math.Max(0, code.Length - 4)).Any(at => code[at - 1] is 0x28 or 0x6F or 0x73 or 0x06
                && tokens.Contains(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))));
            if (isCaller)
                callers.Add(Outermost(reader, method.GetDeclaringType()));
        }
        return callers;
    }

    private static string Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(reader, outer) : reader.GetString(type.Name);
    }
}
