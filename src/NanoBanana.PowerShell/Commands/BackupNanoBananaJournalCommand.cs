using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Copies the journal into one file: consistent at any time, also while batches run.</summary>
[Cmdlet(VerbsData.Backup, "NanoBananaJournal", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class BackupNanoBananaJournalCommand : NanoBananaCmdlet
{
    private const string AddressText = "A backup is a file. Copy-NanoBananaJournal copies the journal into a database.";

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The file to write.")]
    [Alias("Path", "FilePath")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Replaces a file that exists.</summary>
    [Parameter(HelpMessage = "Replaces a file that exists.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => OrTerminate(() =>
    {
        if (JournalLocation.IsAddress(Destination!))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, AddressText);
        string path = PathReader.Literal(this, Destination!);
        JournalBackup.Check(path, Journal.Path, Force);
        JournalReader journal = Await(Journal.Open)
            ?? throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, $"There is no journal yet at '{Journal.Path}': nothing was bought, or another file is the journal. Nothing was written.");
        if (!ShouldProcess(path, "Write a copy of the journal"))
            return;
        Await(() =>
        {
            JournalBackup.Write(journal, path, Force);
            return true;
        });
        WriteObject(new FileItems(SessionState).Of(path));
    });
}
