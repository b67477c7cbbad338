namespace NanoBanana.Help;

/// <summary>Builds the help of the module. It writes files only if all pages are valid.</summary>
internal static class HelpBuild
{
    /// <summary>The name of the help file that PowerShell looks for, for the cmdlets in NanoBanana.dll.</summary>
    public const string HelpFile = "NanoBanana.dll-Help.xml";

    /// <param name="docs">The folder with <c>commands</c> and <c>about</c>.</param>
    /// <param name="output">The staged module's folder for a culture. Files of removed pages are removed from it.</param>
    /// <param name="problems">Receives the problems of the pages.</param>
    public static void Run(string docs, string output, ProblemList problems)
    {
        List<CommandPage> commands = [.. Pages(docs, "commands", problems).Select(page => CommandPageReader.Read(page, problems))];
        var topics = Pages(docs, "about", problems).ToDictionary(
            page => Path.GetFileNameWithoutExtension(page.File) + ".help.txt",
            page => AboutTopicWriter.Write(page, problems));
        if (problems.Count > 0)
            return;

        Directory.CreateDirectory(output);
        IEnumerable<string> files = Directory.GetFiles(output, "about_*.help.txt");
        foreach (string stale in files.Where(file => !topics.ContainsKey(Path.GetFileName(file))))
            File.Delete(stale);
        foreach ((string name, string text) in topics)
            File.WriteAllText(Path.Combine(output, name), text);
        File.WriteAllText(Path.Combine(output, HelpFile), MamlWriter.Write(commands));
    }

    private static IEnumerable<MarkdownPage> Pages(string docs, string folder, ProblemList problems)
    {
        string path = Path.GetFullPath(Path.Combine(docs, folder));
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*.md") : [];
        if (files.Length == 0)
            problems.Add(path, 1, "The folder has no pages.");
        return files.Order(StringComparer.Ordinal).Select(MarkdownPage.Load);
    }
}
