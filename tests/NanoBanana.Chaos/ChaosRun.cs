namespace NanoBanana.Chaos;

/// <summary>
/// Sends prompts through a service a share of whose answers is faulty, without a journal and with one, and sees to it
/// that nothing was lost, nothing bought twice, every file is whole, and that the same seed comes to the same end.
/// </summary>
public static class ChaosRun
{
    /// <returns>What the rounds came to, in words.</returns>
    /// <exception cref="ChaosException">A promise is broken.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(ChaosOptions options)
    {
        Round first = await Round.RunAsync(withJournal: false, options);
        Round second = await Round.RunAsync(withJournal: true, options);
        foreach (string prompt in Round.Prompts(options.Tasks))
        {
            if (first.Outcomes.GetValueOrDefault(prompt) != second.Outcomes.GetValueOrDefault(prompt))
                throw new ChaosException($"'{prompt}' ended as {first.Outcomes.GetValueOrDefault(prompt)} first and as {second.Outcomes.GetValueOrDefault(prompt)} then, from the same seed.");
        }
        return [first.Summary, second.Summary];
    }
}
