using NanoBanana.Benchmarks;
using NanoBanana.Benchmarks.Workers;

switch (args)
{
    case ["emulator"]:
        return await EmulatorWorker.RunAsync();
    case ["limit"]:
        return await LimitWorker.RunAsync();
    case ["engine"]:
        return EngineWorker.Run();
}
try
{
    BenchmarkOptions options = BenchmarkOptions.Parse(args);
    return await Suite.RunAsync(options);
}
catch (BenchmarkException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
