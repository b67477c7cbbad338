namespace NanoBanana.Help.Tests.Engine;

/// <summary>Tests with an engine run one after the other: examples set environment variables, which a process has once.</summary>
[CollectionDefinition(Name)]
public sealed class OneEngineAtATime
{
    public const string Name = "Engine";
}
