using System.Management.Automation;

namespace NanoBanana.EmptyModule;

/// <summary>Does nothing. A module must export something.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet;
