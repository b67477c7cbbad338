namespace NanoBanana.Module.Tests.Hosting;

/// <summary>
/// Environment variables, $PSStyle and NO_COLOR belong to the whole process. Tests that set them, or depend on them, don't run
/// in parallel with other tests.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process";
}
