namespace NanoBanana.Lab.Crash;

/// <summary>Compares the files and the journal with the tasks of the provider.</summary>
internal sealed class BatchCheck(Batch batch, EmulatorServer emulator, HttpClient http)
{
    /// <param name="lines">The lines of the last run, which was not killed.</param>
    /// <param name="resubmitted">The prompts that were submitted again with -ResubmitUnknown.</param>
    public async Task RunAsync(IReadOnlyList<string[]> lines, IReadOnlyList<string> resubmitted)
    {
        IReadOnlyList<string> unknown = batch.Journal.Unknown(batch.Name);
        string[][] errors = [.. lines.Where(line => line[0] == "error")];
        const string UnknownId = "SubmissionUnknown,NanoBanana.Commands.NewNanoBananaImageCommand";
        Expect(errors.All(error => error[2] == UnknownId), $"An error is not an unknown submission: {Text(errors)}");
        Expect(errors.Length == unknown.Count, $"{unknown.Count} submissions have an unknown outcome, but {errors.Length} were reported.");
        Expect(!lines.Any(line => line[0] == "warning"), $"The run wrote a warning: {Text(lines)}");

        Dictionary<string, EmulatorTask> bought =
            emulator.Tasks.Where(task => batch.Prompts.Contains(task.Prompt)).ToDictionary(task => task.Id);
        ILookup<string, EmulatorTask> images = await ImagesByPromptAsync(bought);
        foreach (IGrouping<string, string> wanted in batch.Prompts.GroupBy(prompt => prompt))
        {
            int unknownTimes = unknown.Count(prompt => prompt == wanted.Key);
            int saved = images[wanted.Key].Count();
            int times = bought.Values.Count(task => task.Prompt == wanted.Key);
            int allowed = wanted.Count() + resubmitted.Count(prompt => prompt == wanted.Key);
            Expect(
                saved == wanted.Count() - unknownTimes,
                $"'{wanted.Key}' was requested {wanted.Count()} times, {unknownTimes} of these are unknown, and it has {saved} images.");
            Expect(times <= allowed, $"'{wanted.Key}' was bought {times} times, but requested {allowed} times.");
        }
        CheckIds(bought.Values);
        Expect(batch.Parts.Count == 0, $"Part files are left: {string.Join(", ", batch.Parts)}");
        Expect(batch.Journal.IntegrityCheck() == "ok", $"The journal is damaged: {batch.Journal.IntegrityCheck()}");
    }

    /// <summary>Checks that the journal has the id of every task, except for submissions that it lists as unknown.</summary>
    private void CheckIds(IEnumerable<EmulatorTask> bought)
    {
        HashSet<string> known = [.. batch.Journal.Ids(batch.Name)];
        IReadOnlyList<string> unknown = batch.Journal.EverUnknown(batch.Name);
        foreach (IGrouping<string, EmulatorTask> lost in bought.Where(task => !known.Contains(task.Id)).GroupBy(task => task.Prompt))
        {
            string ids = string.Join(", ", lost.Select(task => task.Id));
            Expect(lost.Count() <= unknown.Count(prompt => prompt == lost.Key), $"Ids are lost for '{lost.Key}': {ids}");
        }
    }

    private async Task<ILookup<string, EmulatorTask>> ImagesByPromptAsync(Dictionary<string, EmulatorTask> bought)
    {
        var tasks = new List<EmulatorTask>();
        foreach (string image in batch.Images)
        {
            string id = Path.GetFileNameWithoutExtension(image).Split('-')[^1];
            Expect(bought.TryGetValue(id, out EmulatorTask? task), $"'{image}' belongs to no task.");
            byte[] whole = await http.GetByteArrayAsync(new Uri(emulator.DownloadEndpoint, $"files/{id}/0.png"));
            byte[] onDisk = await File.ReadAllBytesAsync(image);
            Expect(whole.AsSpan().SequenceEqual(onDisk), $"'{image}' is not complete.");
            tasks.Add(task!);
        }
        return tasks.ToLookup(task => task.Prompt);
    }

    private static string Text(IEnumerable<string[]> lines) => string.Join(" | ", lines.Select(line => string.Join(' ', line)));

    private static void Expect(bool condition, string message)
    {
        if (!condition)
            throw new LabException(message);
    }
}
