namespace NanoBanana.Lab.Chaos;

/// <summary>
/// Sends prompts through a service that fails often, without a journal and with one, and checks that nothing was lost or
/// bought twice, that every file is whole, and that the same seed leads to the same outcomes.
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
            if (first.Outcomes.GetValueOrDefault(prompt) != second.Outcomes.GetValueOrDefault(prompt))
                throw new LabException($"'{prompt}' ended as {first.Outcomes.GetValueOrDefault(prompt)} without a journal and as {second.Outcomes.GetValueOrDefault(prompt)} with one, from the same seed.");
        }
        return [first.Report, second.Report];
    }
}
