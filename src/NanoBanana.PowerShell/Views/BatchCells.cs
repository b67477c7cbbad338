namespace NanoBanana.Views;

/// <summary>The cells of a batch.</summary>
internal sealed class BatchCells(PSObject source) : Cells(source)
{
    /// <summary>As wide as the format file says: left open, it is as wide as the first name, and later ones are cut.</summary>
    private const int BatchColumn = 24;

    /// <summary>The name, shortened in its middle.</summary>
    public string ShortBatch => TextCells.FitMiddle(OneLine(Source.Read<string>("Batch")), BatchColumn);

    public string? Started => Day("StartedAt");

    public string? Batch => Text();

    public string? Endpoint => Address();

    public string? Run => Text();

    public string? FirstError => Text();

    public string Holders => OneLine(string.Join(", ", Source.Read<string[]>("Holders") ?? []));

    /// <summary>The name, and how far it is.</summary>
    public string Title => $"{OneLine(Source.Read<string>("Batch"))}  {Source.Read<int>("Completed")} of {Source.Read<int>("Total")}";
}
