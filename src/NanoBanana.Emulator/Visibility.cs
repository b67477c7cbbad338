using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("NanoBanana.Emulator.Tests")]
