namespace NanoBanana.Emulator.Wire;

/// <summary>What a path of a dialect means.</summary>
/// <param name="Operation">The kind of request.</param>
/// <param name="Method">The one HTTP method that the path takes; HEAD goes with GET.</param>
/// <param name="Argument">The part of the path that is a task's id, or empty.</param>
internal readonly record struct ApiRoute(EmulatorOperation Operation, string Method, string Argument);
