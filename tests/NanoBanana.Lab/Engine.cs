using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab;

/// <summary>A hosted PowerShell engine with the staged module.</summary>
internal static class Engine
{
    private const string Connect = """
        param($module, $endpoint, $key, $protocol)
        Import-Module $module -ErrorAction Stop
        Connect-NanoBanana -Endpoint $endpoint -ApiKey $key -Protocol $protocol
        """;

    public static Runspace Open()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        return runspace;
    }

    /// <summary>An engine with the staged module, connected.</summary>
    public static Runspace OpenConnected(string endpoint, string key, string protocol)
    {
        Runspace runspace = Open();
        Run(runspace, Connect, LabFiles.StagedModule, endpoint, key, protocol);
        return runspace;
    }

    /// <summary>
    /// Runs a script and writes a line with tabs for each object and record immediately: "saved", prompt and path; "error", prompt,
    /// ErrorId and message; "warning" and message. It keeps nothing in memory.
    /// </summary>
    public static void Run(Runspace runspace, string script, params object[] arguments) =>
        Run(runspace, script, arguments, CancellationToken.None);

    /// <param name="runspace">The engine.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="stop">Stops the script, as Ctrl+C does.</param>
    /// <returns>False if it was stopped.</returns>
    public static bool Run(Runspace runspace, string script, object[] arguments, CancellationToken stop)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (object argument in arguments)
            shell.AddArgument(argument);
        var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, _) => Write(output.ReadAll().Select(file =>
            $"saved\t{file.Text("Task", "Prompt")}\t{file.Text("FullName")}"));
        shell.Streams.Error.DataAdded += (_, _) => Write(shell.Streams.Error.ReadAll().Select(error =>
            $"error\t{PromptOf(error.TargetObject)}\t{error.FullyQualifiedErrorId}\t{error.Exception.Message.ReplaceLineEndings(" ")}"));
        shell.Streams.Warning.DataAdded += (_, _) => Write(shell.Streams.Warning.ReadAll().Select(warning =>
            $"warning\t{warning.Message.ReplaceLineEndings(" ")}"));
        using CancellationTokenRegistration registration = stop.Register(() => shell.Stop());
        try
        {
            shell.Invoke(null, output);
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
    }

    private static string PromptOf(object? target) => target switch
    {
        null => "",
        PSObject { BaseObject: string prompt } => prompt,
        string prompt => prompt,
        _ => PSObject.AsPSObject(target).Text("Prompt"),
    };

    /// <summary>The text of a property, or of a property of its value.</summary>
    private static string Text(this PSObject item, params string[] path)
    {
        object? value = item;
        foreach (string property in path)
            value = value is null ? null : PSObject.AsPSObject(value).Properties[property]?.Value;
        return $"{value}";
    }

    private static void Write(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Console.WriteLine(line);
    }
}
