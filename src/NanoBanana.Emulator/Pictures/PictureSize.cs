namespace NanoBanana.Emulator.Pictures;

/// <summary>Width and height in pixels.</summary>
internal readonly record struct PictureSize(int Width, int Height);
