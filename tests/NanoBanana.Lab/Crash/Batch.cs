namespace NanoBanana.Lab.Crash;

/// <summary>A batch: its prompts, one of which occurs twice, and the folder of its images.</summary>
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

    /// <summary>The images with a final name.</summary>
    public IReadOnlyList<string> Images => Files("*.png");

    /// <summary>The part files of downloads in progress, or of a killed process.</summary>
    public IReadOnlyList<string> Parts => Files(".*.part");

    private string[] Files(string pattern) => Directory.Exists(Folder) ? Directory.GetFiles(Folder, pattern) : [];
}
