using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Copies the entries of a journal to another journal, such as a database that several machines share.</summary>
[Cmdlet(VerbsCommon.Copy, "NanoBananaJournal", SupportsShouldProcess = true)]
[OutputType(typeof(JournalCopyResult))]
public sealed class CopyNanoBananaJournalCommand : NanoBananaCmdlet
{
    /// <summary>The journal to copy.</summary>
    [Parameter(Position = 0, HelpMessage = "The journal to copy.")]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The journal to copy to.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The journal to copy to.")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => TerminateOnError(() =>
    {
        JournalLocation from = Path is null ? Journal.Location : Named(Path), to = Named(Destination!);
        JournalCopy.Check(from, to);
        if (ShouldProcess(to.Path!, Messages.CopyEntries(from.Path)))
            WriteObject(Await(() => JournalCopy.Run(from, to, TimeProvider.System, StopToken)));
    });

    private JournalLocation Named(string journal) => JournalLocation.Named(journal, path => PathReader.Literal(this, path));
}
