namespace NanoBanana.Lab.Crash;

/// <summary>A batch: its prompts, one of which is meant twice, and where its images go.</summary>
internal sealed class Batch
{
    public Batch(string home, int number, int prompts, JournalView journal)
    {
        Name = $"batch-{number}";
        Folder = Path.Combine(home, Name);
        PromptFile = Path.Combine(home, Name + ".txt");
        Journal = journal;
        string[] lines = [.. Enumerable.Range(0, prompts - 1).Select(i => $"{Name}, image {i}: a fox on a bicycle")];
        Prompts = [.. lines, lines[0]];
        File.WriteAllLines(PromptFile, Prompts);
    }

    public string Name { get; }

    public string Folder { get; }

    public string PromptFile { get; }

    public JournalView Journal { get; }

    public IReadOnlyList<string> Prompts { get; }

    /// <summary>The images that have a name.</summary>
    public IReadOnlyList<string> Images => Files("*.png");

    /// <summary>What is on its way, or was when its process was killed.</summary>
    public IReadOnlyList<string> Parts => Files(".*.part");

    private string[] Files(string pattern) => Directory.Exists(Folder) ? Directory.GetFiles(Folder, pattern) : [];
}
