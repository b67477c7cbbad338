namespace NanoBanana.Views;

/// <summary>The cells of a batch.</summary>
internal sealed class BatchCells(PSObject source) : Cells(source)
{
    /// <summary>The width of the column in the format file. An automatic width would be the width of the first name.</summary>
    private const int BatchColumn = 24;

    /// <summary>The name, shortened in its middle.</summary>
    public string ShortBatch => TextCells.FitMiddle(OneLine(Source.Read<string>("Batch")), BatchColumn);

    public string? Started => ShortTime("StartedAt");

    public string? Batch => Text();

    public string? Endpoint => Address();

    public string? Run => Text();

    public string? FirstError => Text();

    public string Holders => OneLine(string.Join(", ", Source.Read<string[]>("Holders") ?? []));

    /// <summary>The name and the number of completed requests.</summary>
    public string Title => $"{OneLine(Source.Read<string>("Batch"))}  {Source.Read<int>("Completed")} of {Source.Read<int>("Total")}";
}
