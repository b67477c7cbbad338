using System.Diagnostics;

namespace NanoBanana.Module.Tests.Prompts;

/// <summary>Prompt files and images that are not regular files, or have no end, are one error each and submit nothing.</summary>
public sealed class IrregularFileTests : ModuleTest
{
    private const string Refused = "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand";

    [Theory]
    [InlineData("New-NanoBananaImage -PromptPath odd", "pipe", "not a regular file")]
    [InlineData("New-NanoBananaImage -PromptPath odd", "/dev/zero", "not a regular file")]
    [InlineData("New-NanoBananaImage -PromptPath odd", "large", "64 KB")]
    [InlineData("New-NanoBananaImage 'add a hat' -ImagePath odd", "pipe", "not a regular file")]
    [InlineData("New-NanoBananaImage 'add a hat' -ImagePath odd", "/dev/zero", "not a regular file")]
    [InlineData("New-NanoBananaImage 'add a hat' -ImagePath odd", "large", "100 MB")]
    [InlineData("[pscustomobject]@{ Prompt = 'add a hat'; ImagePath = 'odd' } | New-NanoBananaImage", "pipe", "not a regular file")]
    [InlineData("[pscustomobject]@{ Prompt = 'add a hat'; ImagePath = 'odd' } | New-NanoBananaImage", "/dev/zero", "not a regular file")]
    public void File_that_is_not_regular_or_too_large_is_refused_with_the_reason(string command, string kind, string reason)
    {
        if (OperatingSystem.IsWindows() && kind != "large")
            return;
        CreateFile(Folder["odd"], kind);

        ErrorRecord error = Run(command).OnlyError(Refused, ErrorCategory.InvalidArgument);

        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    private static void CreateFile(string path, string kind)
    {
        if (kind == "large")
        {
            using FileStream file = File.Create(path);
            file.SetLength(100 * 1024 * 1024 + 1);
        }
        else if (kind == "pipe")
        {
            using var process = Process.Start("mkfifo", [path]);
            process.WaitForExit();
        }
        else
        {
            File.CreateSymbolicLink(path, kind);
        }
    }
}
