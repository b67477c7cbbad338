using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Checks key, endpoint, proxy, clock, journal and destination before a run. Buys nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NanoBananaConnection")]
[OutputType(typeof(ConnectionTest))]
public sealed class TestNanoBananaConnectionCommand : SessionCmdlet
{
    /// <summary>The folder that images are to go to.</summary>
    [Parameter(Position = 0, HelpMessage = "The folder for the images.")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    private protected override ProgressStage Stage => ProgressStage.Asking;

    /// <summary>A missing key is a finding, not an error.</summary>
    private protected override bool NeedsConnection => false;

    private protected override void ProcessRecord(CommandSession session) => OrTerminate(() =>
    {
        ConnectionCheck destination = Destination is null
            ? ConnectionCheck.NotMade("Give the folder with -Destination.")
            : FolderProbe.Run(PathReader.Literal(this, Destination));
        ConnectionCheck none = ConnectionCheck.NotMade("There is no connection.");
        try
        {
            Connection = ConnectionResolver.Resolve(Connection);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.ApiKeyMissing)
        {
            WriteObject(new ConnectionTest
            {
                Service = none,
                ApiKey = ConnectionCheck.Failed(e.Message),
                Proxy = none,
                Clock = none,
                Journal = CheckJournal(),
                Destination = destination,
            });
            return;
        }
        NanoBananaClient client = ConnectionResolver.ClientOf(Connection);
        (ConnectionCheck service, ConnectionCheck key, ConnectionCheck proxy, ConnectionCheck clock) =
            session.Pump.Await(Task.Run(() => client.ProbeAsync(session.Pump, StopToken))).GetAwaiter().GetResult();
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
                return journal.Weakness is { } weakness
                    ? ConnectionCheck.Failed($"{weakness} -Batch is refused.")
                    : ConnectionCheck.Passed($"'{journal.Name}' can be opened and written.");
            });
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            return ConnectionCheck.Failed(e.Message);
        }
    }
}
