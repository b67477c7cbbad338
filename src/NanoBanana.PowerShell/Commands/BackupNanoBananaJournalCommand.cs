using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Copies the journal to one file. The copy is consistent, also while batches run.</summary>
[Cmdlet(VerbsData.Backup, "NanoBananaJournal", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class BackupNanoBananaJournalCommand : NanoBananaCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The file to write.")]
    [Alias("Path", "FilePath")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Replaces a file that exists.</summary>
    [Parameter(HelpMessage = "Replaces a file that exists.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => TerminateOnError(() =>
    {
        if (JournalLocation.IsAddress(Destination!))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.BackupToDatabase);
        string path = PathReader.Literal(this, Destination!);
        JournalBackup.Check(path, Journal.Path, Force);
        JournalReader journal = Await(Journal.Open)
            ?? throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, Messages.NothingToBackUp(Journal.Path));
        if (!ShouldProcess(path, Messages.WriteBackup))
            return;
        Await(() => JournalBackup.Write(journal, path, Force));
        WriteObject(new FileItemFactory(SessionState).Create(path));
    });
}
