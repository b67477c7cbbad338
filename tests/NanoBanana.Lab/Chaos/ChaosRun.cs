namespace NanoBanana.Lab.Chaos;

/// <summary>
/// Runs prompts through a service that fails often, without and with a journal. Checks that nothing was lost or bought twice, that
/// every file is complete, and that the same seed repeats the outcomes.
/// </summary>
public static class ChaosRun
{
    /// <returns>The numbers of both rounds.</returns>
    /// <exception cref="LabException">A promise is broken.</exception>
    public static async Task<IReadOnlyList<ChaosReport>> RunAsync(ChaosOptions options)
    {
        Round first = await Round.RunAsync(withJournal: false, options);
        Round second = await Round.RunAsync(withJournal: true, options);
        foreach (string prompt in Round.Prompts(options.Tasks))
        {
            (string? without, string? with) = (first.Outcomes.GetValueOrDefault(prompt), second.Outcomes.GetValueOrDefault(prompt));
            if (without != with)
                throw new LabException($"'{prompt}' ended as {without} without a journal and as {with} with one, with the same seed.");
        }
        return [first.Report, second.Report];
    }
}
