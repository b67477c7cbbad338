using System.Xml.Linq;

namespace NanoBanana.Module.Tests.Views;

/// <summary>
/// The engine alone has no Format-List, so the module's list views are given to types of another name: an object that
/// takes such a name is shown as a list.
/// </summary>
internal static class ListViews
{
    private const string Mark = "#List";

    /// <summary>A file with those views.</summary>
    public static string MakeFile(string moduleFolder)
    {
        var format = XDocument.Load(Path.Combine(moduleFolder, "NanoBanana.format.ps1xml"));
        format.Descendants("View").Where(view => view.Element("ListControl") is null).Remove();
        foreach (XElement name in format.Descendants("ViewSelectedBy").Elements("TypeName"))
            name.Value += Mark;
        string file = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.format.ps1xml");
        format.Save(file);
        return file;
    }

    /// <summary>The script, whose one object takes such a name.</summary>
    public static string AsList(string script) =>
        $"$listed = [psobject]({script}); $listed.PSObject.TypeNames.Insert(0, $listed.PSObject.TypeNames[0] + '{Mark}'); $listed";
}
