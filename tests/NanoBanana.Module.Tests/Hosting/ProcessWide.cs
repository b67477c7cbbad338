namespace NanoBanana.Module.Tests.Hosting;

/// <summary>
/// Environment variables, $PSStyle and NO_COLOR belong to the whole process: tests that set them, or show what depends on
/// them, run one after the other and beside no other test.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process";
}
