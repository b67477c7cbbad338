namespace NanoBanana.Lab.Machines;

/// <summary>Checks the promises in the history of a batch that has ended.</summary>
internal sealed class HistoryCheck(History history)
{
    private readonly HashSet<string> _known = [.. history.Entries.Select(entry => entry.Id).OfType<string>(), .. history.Local];

    /// <summary>Purchases whose ids are neither in the shared journal nor in an outcomes file.</summary>
    public IReadOnlyList<Purchase> Lost => [.. history.Purchases.Where(purchase => !_known.Contains(purchase.Id))];

    /// <summary>The number of purchases.</summary>
    public int Purchases => history.Purchases.Count;

    /// <summary>The number of files.</summary>
    public int Files => history.Files.Count;

    /// <summary>Files beyond the first of each task.</summary>
    public int Copies => history.Files.Count - history.Files.DistinctBy(file => file.Id).Count();

    /// <returns>A sentence for each broken promise.</returns>
    public IReadOnlyList<string> Run() => [.. Bought(), .. Ids(), .. Budget(), .. Images(), .. Journal()];

    private IEnumerable<string> Bought()
    {
        foreach (IGrouping<string, Purchase> same in history.Purchases.GroupBy(purchase => purchase.Prompt))
        {
            int allowed = history.Wanted.GetValueOrDefault(same.Key) + history.Resubmitted.Count(prompt => prompt == same.Key);
            if (same.Count() > allowed)
            {
                string ids = Text(same.Select(purchase => purchase.Id));
                yield return $"'{same.Key}' was bought {same.Count()} times, but requested {allowed} times: {ids}.";
            }
        }
    }

    private IEnumerable<string> Ids()
    {
        foreach (IGrouping<string, Purchase> lost in Lost.GroupBy(purchase => purchase.Prompt))
        {
            int unknown = history.Entries.Count(entry => entry.Id is null && entry.Prompt == lost.Key);
            if (lost.Count() > unknown)
            {
                string ids = Text(lost.Select(purchase => purchase.Id));
                yield return $"'{lost.Key}': {ids} was bought, but no journal has the id, and {unknown} submissions are unknown.";
            }
            foreach (Delivery answer in history.Deliveries.Where(answer => lost.Any(purchase => purchase.Id == answer.Id)))
            {
                if (!history.Kills.Any(kill => kill.Machine == answer.Machine && kill.Since <= answer.At && kill.At >= answer.Connected))
                {
                    yield return $"'{lost.Key}': {answer.Machine} received {answer.Id} at {answer.At:HH:mm:ss.fff} "
                        + "and was not killed then, but no journal has the id.";
                }
            }
        }
    }

    private IEnumerable<string> Budget()
    {
        for (int bought = 1; bought <= history.Purchases.Count; bought++)
        {
            int? limit = history.Budgets.LastOrDefault(budget => budget.From < bought).Images;
            if (bought > limit)
                yield return $"The purchase {bought}, {history.Purchases[bought - 1].Id}, exceeds the budget of {limit}.";
        }
    }

    private IEnumerable<string> Images()
    {
        HashSet<string> bought = [.. history.Purchases.Select(purchase => purchase.Id)];
        foreach (SavedFile file in history.Files)
        {
            if (!bought.Contains(file.Id))
                yield return $"{file.Path} belongs to no purchase.";
            else if (!file.IsWhole)
                yield return $"{file.Path} is not complete.";
        }
        HashSet<string> saved = [.. history.Files.Select(file => file.Id)];
        foreach (Purchase purchase in history.Purchases.Where(purchase => _known.Contains(purchase.Id) && !saved.Contains(purchase.Id)))
            yield return $"The image of {purchase.Id} ('{purchase.Prompt}') was bought, but no folder has it.";
    }

    private IEnumerable<string> Journal()
    {
        string[] ids = [.. history.Entries.Select(entry => entry.Id).OfType<string>()];
        foreach ((string id, int count) in ids.CountBy(id => id).Where(same => same.Value > 1))
            yield return $"The journal has {id} {count} times.";
        foreach (string id in ids.Except(history.Purchases.Select(purchase => purchase.Id)))
            yield return $"The journal has {id}, which is not an id of the provider.";
        foreach ((string prompt, int wanted) in history.Wanted)
        {
            int held = history.Entries.Count(entry => entry.Holds && entry.Prompt == prompt);
            if (held != wanted)
                yield return $"'{prompt}' was requested {wanted} times, but the journal holds it {held} times at the end.";
        }
    }

    private static string Text(IEnumerable<string> ids) => string.Join(", ", ids);
}
