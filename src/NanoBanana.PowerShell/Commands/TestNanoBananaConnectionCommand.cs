using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Checks the key, the endpoint, the proxy, the clock, the journal and the destination. Submits nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NanoBananaConnection")]
[OutputType(typeof(ConnectionTest))]
public sealed class TestNanoBananaConnectionCommand : SessionCmdlet
{
    /// <summary>The folder for the images.</summary>
    [Parameter(Position = 0, HelpMessage = "The folder for the images.")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    private protected override ProgressStage Stage => ProgressStage.Checking;

    /// <summary>A missing key is a result, not an error.</summary>
    private protected override bool NeedsConnection => false;

    private protected override void ProcessRecord(CommandSession session) => TerminateOnError(() =>
    {
        ConnectionCheck destination = Destination is null
            ? ConnectionCheck.NotMade(Messages.NoDestinationToCheck)
            : FolderProbe.Run(PathReader.Literal(this, Destination));
        ConnectionCheck notMade = ConnectionCheck.NotMade(Messages.NoConnection);
        try
        {
            Connection = ConnectionResolver.Resolve(Connection);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.ApiKeyMissing)
        {
            WriteObject(new ConnectionTest
            {
                Service = notMade,
                ApiKey = ConnectionCheck.Failed(e.Message),
                Proxy = notMade,
                Clock = notMade,
                Journal = CheckJournal(),
                Destination = destination,
            });
            return;
        }
        NanoBananaClient client = ConnectionResolver.ClientOf(Connection);
        (ConnectionCheck service, ConnectionCheck key, ConnectionCheck proxy, ConnectionCheck clock) =
            session.Pump.Await(() => client.ProbeAsync(session.Pump, StopToken));
        WriteObject(new ConnectionTest
        {
            Endpoint = Connection.Endpoint,
            Service = service,
            ApiKey = key,
            Proxy = proxy,
            Clock = clock,
            Journal = CheckJournal(),
            Destination = destination,
        });
    });

    private ConnectionCheck CheckJournal()
    {
        try
        {
            return Await(async () =>
            {
                TaskJournal journal = Journal.Require();
                await journal.CheckAsync().ConfigureAwait(false);
                return journal.DurabilityWarning is { } warning
                    ? ConnectionCheck.Failed(Messages.JournalMayLoseData(warning))
                    : ConnectionCheck.Passed(Messages.JournalIsUsable(journal.Name));
            });
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            return ConnectionCheck.Failed(e.Message);
        }
    }
}
