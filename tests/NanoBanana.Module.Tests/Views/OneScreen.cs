namespace NanoBanana.Module.Tests.Views;

/// <summary>$PSStyle and NO_COLOR belong to the whole process: tests that look at a screen go one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneScreen
{
    public const string Name = "Screen";
}
