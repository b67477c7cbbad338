using System.Text.RegularExpressions;

namespace NanoBanana.Client.Tests;

/// <summary>The folders of the client form layers (docs/architecture.md). Reads the sources and lists each use of a higher layer.</summary>
public sealed class LayerTests
{
    /// <summary>The folders, lowest first. The facade in the root uses all of them.</summary>
    private static readonly string[] Layers =
    [
        "Text", "Http", "Retries", "Wire", "Images", "Images.Inline", "Files", "Journal.Storage", "Journal.Storage.Sqlite",
        "Journal.Storage.Postgres", "Journal", "Polling.Prediction", "Polling", "Purchases", "Gallery", "",
    ];

    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_folder_is_a_layer()
    {
        Assert.Equal(
            Layers.Order(StringComparer.Ordinal), Sources().Select(source => source.Folder).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_namespace_follows_its_folder()
    {
        Assert.Empty(Sources()
            .Where(source => NamespaceOf(source.Folder)
                != Regex.Match(source.Text, @"^namespace (?<name>[\w.]+);", RegexOptions.Multiline).Groups["name"].Value)
            .Select(source => source.Path));
    }

    [Fact]
    public void No_folder_uses_a_higher_one()
    {
        var upwards = new List<string>();
        foreach ((string path, string folder, string text) in Sources())
        {
            foreach (Match used in Regex.Matches(text, @"\bNanoBanana\.Client(\.[A-Z]\w+)*", RegexOptions.None))
            {
                // The longest layer that the name starts with. Types and members follow it.
                string name = used.Value.Substring("NanoBanana.Client".Length).TrimStart('.');
                string? layer = Layers.Where(each => each.Length > 0 && $"{name}.".StartsWith($"{each}.", StringComparison.Ordinal))
                    .MaxBy(each => each.Length);
                if (layer is not null && Array.IndexOf(Layers, layer) > Array.IndexOf(Layers, folder))
                    upwards.Add($"{path} uses {used.Value}");
            }
        }
        Assert.Empty(upwards);
    }

    [Fact]
    public void Only_the_storage_of_the_journal_uses_its_database()
    {
        // JournalStores chooses one of the two.
        Assert.Empty(Sources()
            .Where(source => source.Folder != "Journal.Storage.Sqlite" && source.Path != "Journal/JournalStores.cs"
                && Regex.IsMatch(source.Text, @"Microsoft\.Data\.Sqlite|SQLitePCL|\bSqlite[A-Z]"))
            .Select(source => source.Path));
        Assert.Empty(Sources()
            .Where(source => source.Folder != "Journal.Storage.Postgres" && source.Path != "Journal/JournalStores.cs"
                && Regex.IsMatch(source.Text, @"\bNpgsql|\bPostgres[A-Z]"))
            .Select(source => source.Path));
    }

    [Fact]
    public void The_SQL_of_the_journal_works_in_SQLite_and_PostgreSQL()
    {
        // JournalSql and members of JournalConnection and JournalQueries contain the differences.
        string[] onlyOfSqlite =
        [
            @"\bjson_\w+\s*\(", @"\bGLOB\b", @"\bstrftime\b", @"\bINDEXED BY\b", @"\bCOLLATE\b", @"\bPRAGMA\b", @"\browid\b",
            @"\bVACUUM\b", @"\bsqlite_\w+", @"\bINSERT OR\b", @"\bREPLACE INTO\b", @"\bIS (NOT )?[@$]", @"\(""\$(?!where)",
            @"\bIFNULL\b", @"\bgroup_concat\b", @"\bBEGIN IMMEDIATE\b",
        ];
        Assert.Empty(
            from source in Sources()
            where source.Folder == "Journal"
            from pattern in onlyOfSqlite
            where Regex.IsMatch(source.Text, pattern)
            select $"{source.Path}: {pattern}");
    }

    private static string NamespaceOf(string folder) => folder.Length == 0 ? "NanoBanana.Client" : $"NanoBanana.Client.{folder}";

    private static IEnumerable<(string Path, string Folder, string Text)> Sources() =>
        from path in Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !relative.StartsWith("obj/", StringComparison.Ordinal) && !relative.StartsWith("bin/", StringComparison.Ordinal)
        select (relative, (Path.GetDirectoryName(relative) ?? "").Replace('\\', '/').Replace('/', '.'), File.ReadAllText(path));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NanoBanana.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "src", "NanoBanana.Client");
    }
}
