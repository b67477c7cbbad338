using System.Buffers.Binary;
using System.Text.Json;

namespace NanoBanana.Module.Tests.Prompts;

/// <summary>Local images are sent to the service.</summary>
public sealed class ImagePathTests : ModuleTest
{
    [Theory]
    [InlineData("", "data:image/png;base64,iVBORw0KGgo", 0)]
    [InlineData("-RefuseImage DataUri", "iVBORw0KGgo", 0)]
    [InlineData("-RefuseImage DataUri, Base64", "http://127.0.0.1:", 1)]
    public void Image_is_sent_with_the_first_transfer_that_the_service_accepts(string refuse, string expected, int uploads)
    {
        ShellResult result = Run($$"""
            $other = Start-NanoBananaEmulator -TimeScale 0 {{refuse}}
            $other | Connect-NanoBanana
            $null = New-NanoBananaImage fox -OutFile fox.png
            'a hat', 'a coat' | New-NanoBananaImage -ImagePath fox.png -ThrottleLimit 1 | ForEach-Object { $_.Prompt }
            $other.Tasks | ForEach-Object { $_.Parameters }
            $other.Uploads.Count
            $other | Stop-NanoBananaEmulator
            """);

        string[] output = [.. result.Ok().Select(line => $"{line}")];
        Assert.Equal(["a hat", "a coat"], output[..2]);
        Assert.All(output[3..5], body => Assert.StartsWith(expected, ImageIn(body), StringComparison.Ordinal));
        Assert.Equal($"{uploads}", output[5]);
    }

    [Fact]
    public void Selected_transfer_is_shown_and_not_changed()
    {
        ShellResult result = Run("""
            $other = Start-NanoBananaEmulator -TimeScale 0 -RefuseImage Base64
            $other | Connect-NanoBanana -ImageTransfer Base64
            (Get-NanoBananaConnection).ImageTransfer
            $null = New-NanoBananaImage fox -OutFile fox.png
            New-NanoBananaImage 'a hat' -ImagePath fox.png
            $other.Counters.CreatesReceived
            $other | Stop-NanoBananaEmulator
            """);

        ErrorRecord error = result.OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Contains("Base64", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["Base64", "2"], result.Output.Select(item => $"{item}"));
    }

    [Fact]
    public void Invalid_image_of_a_row_is_one_error_and_is_not_submitted()
    {
        Run("New-NanoBananaImage fox -OutFile fox.png").Ok();
        byte[] bomb = File.ReadAllBytes(Folder["fox.png"]);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 60_000);
        File.WriteAllBytes(Folder["bomb.png"], bomb);
        File.WriteAllBytes(Folder["cut.png"], bomb[..500]);

        ShellResult result = Run("""
            'bomb.png', 'cut.png', 'fox.png' |
                ForEach-Object { [pscustomobject]@{ Prompt = "from $_"; ImagePath = $_ } } | New-NanoBananaImage
            """);

        Assert.Equal(["from fox.png"], result.Output.Select(task => task.Text("Prompt")));
        Assert.Equal(2, result.Errors.Count);
        Assert.All(
            result.Errors,
            error => Assert.Equal("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", error.FullyQualifiedErrorId));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Rows_with_the_same_file_read_it_once_while_it_is_unchanged()
    {
        Run("New-NanoBananaImage fox -OutFile fox.png; New-NanoBananaImage owl -AspectRatio 16:9 -OutFile owl.png").Ok();
        byte[] fox = File.ReadAllBytes(Folder["fox.png"]);
        byte[] changed = [.. fox];
        changed[^20] ^= 1;
        File.WriteAllBytes(Folder["changed.png"], changed);

        // The second file has the length and the time of the first, so it counts as unchanged. The third has another time.
        IReadOnlyList<PSObject> tasks = Run("""
            $time = (Get-Item fox.png).LastWriteTimeUtc
            & {
                [pscustomobject]@{ Prompt = 'first'; ImagePath = 'fox.png' }
                Copy-Item changed.png fox.png
                (Get-Item fox.png).LastWriteTimeUtc = $time
                [pscustomobject]@{ Prompt = 'second'; ImagePath = 'fox.png' }
                (Get-Item fox.png).LastWriteTimeUtc = $time.AddSeconds(9)
                [pscustomobject]@{ Prompt = 'third'; ImagePath = 'fox.png' }
            } | New-NanoBananaImage -ThrottleLimit 1
            """).Ok();

        string[] urls = [.. tasks.Select(task => ((IReadOnlyList<string>)task.Get("ImageUrl")!)[0])];
        Assert.Same(urls[0], urls[1]);
        Assert.Equal(fox, Convert.FromBase64String(urls[0].Split(',')[1]));
        Assert.Equal(changed, Convert.FromBase64String(urls[2].Split(',')[1]));
        Assert.Equal(urls, Bodies.Skip(2).Select(ImageIn));
    }

    private static string ImageIn(string parameters)
    {
        using var json = JsonDocument.Parse(parameters);
        return json.RootElement.GetProperty("image_urls")[0].GetString()!;
    }
}
