namespace NanoBanana.Client.Journal;

/// <summary>A file that a picture went to, or is about to go to.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Sha256">The hash of its bytes, 64 hexadecimal digits.</param>
/// <param name="Length">Its size in bytes.</param>
internal readonly record struct SavedFile(string Path, string Sha256, long Length);
