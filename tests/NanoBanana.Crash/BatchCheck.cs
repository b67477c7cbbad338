namespace NanoBanana.Crash;

/// <summary>Holds what is on disk and in the journal against what the provider counted.</summary>
internal sealed class BatchCheck(Batch batch, EmulatorServer emulator, HttpClient http)
{
    /// <param name="lines">What the run said that was not killed.</param>
    /// <param name="askedAgain">The prompts that were bought again because that was asked for.</param>
    public async Task RunAsync(IReadOnlyList<string> lines, IReadOnlyList<string> askedAgain)
    {
        IReadOnlyList<string> unknown = batch.Journal.Unknown(batch.Name);
        string[] errors = [.. lines.Where(line => line.StartsWith("error ", StringComparison.Ordinal))];
        Expect(errors.All(e => e.StartsWith("error SubmissionUnknown,NanoBanana.Commands.NewNanoBananaImageCommand ", StringComparison.Ordinal)), $"An error is not of an unknown fate: {string.Join(" | ", errors)}");
        Expect(errors.Length == unknown.Count, $"{unknown.Count} submits are of unknown fate, {errors.Length} were reported.");
        Expect(!lines.Any(line => line.StartsWith("warning ", StringComparison.Ordinal)), $"There was a warning: {string.Join(" | ", lines)}");

        Dictionary<string, EmulatorTask> bought = emulator.Tasks.Where(task => batch.Prompts.Contains(task.Prompt)).ToDictionary(task => task.Id);
        ILookup<string, EmulatorTask> pictures = await PicturesByPromptAsync(bought);
        foreach (IGrouping<string, string> wanted in batch.Prompts.GroupBy(prompt => prompt))
        {
            int missing = unknown.Count(prompt => prompt == wanted.Key);
            int have = pictures[wanted.Key].Count();
            int times = bought.Values.Count(task => task.Prompt == wanted.Key);
            int allowed = wanted.Count() + askedAgain.Count(prompt => prompt == wanted.Key);
            Expect(have == wanted.Count() - missing, $"'{wanted.Key}' is wanted {wanted.Count()} times, {missing} of unknown fate; there are {have} pictures.");
            Expect(times <= allowed, $"'{wanted.Key}' was bought {times} times, {allowed} were asked for.");
        }
        CheckIds(bought.Values);
        Expect(batch.Parts.Count == 0, $"Part files are left: {string.Join(", ", batch.Parts)}");
        Expect(batch.Journal.IntegrityCheck() == "ok", $"The journal is damaged: {batch.Journal.IntegrityCheck()}");
    }

    /// <summary>Every id that the provider gave is in the journal, but for submits that it calls unknown.</summary>
    private void CheckIds(IEnumerable<EmulatorTask> bought)
    {
        HashSet<string> known = [.. batch.Journal.Ids(batch.Name)];
        IReadOnlyList<string> unknown = batch.Journal.EverUnknown(batch.Name);
        foreach (IGrouping<string, EmulatorTask> lost in bought.Where(task => !known.Contains(task.Id)).GroupBy(task => task.Prompt))
            Expect(lost.Count() <= unknown.Count(prompt => prompt == lost.Key), $"Ids are lost of '{lost.Key}': {string.Join(", ", lost.Select(task => task.Id))}");
    }

    private async Task<ILookup<string, EmulatorTask>> PicturesByPromptAsync(Dictionary<string, EmulatorTask> bought)
    {
        var tasks = new List<EmulatorTask>();
        foreach (string picture in batch.Pictures)
        {
            string id = Path.GetFileNameWithoutExtension(picture).Split('-')[^1];
            Expect(bought.TryGetValue(id, out EmulatorTask? task), $"'{picture}' is of no task.");
            byte[] whole = await http.GetByteArrayAsync(new Uri(emulator.DownloadEndpoint, $"files/{id}/0.png"));
            byte[] onDisk = await File.ReadAllBytesAsync(picture);
            Expect(whole.AsSpan().SequenceEqual(onDisk), $"'{picture}' is not whole.");
            tasks.Add(task!);
        }
        return tasks.ToLookup(task => task.Prompt);
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new CrashException(otherwise);
    }
}
