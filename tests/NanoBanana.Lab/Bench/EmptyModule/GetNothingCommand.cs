using System.Management.Automation;

namespace NanoBanana.EmptyModule;

/// <summary>Does nothing: it is there because a module exports something.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet;
