namespace NanoBanana.Module.Tests.Help.Engine;

/// <summary>Creates the files that the examples in the help and the README use.</summary>
internal static class ExampleFiles
{
    private const string OnePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    public static void WriteTo(string folder)
    {
        File.WriteAllLines(
            Path.Combine(folder, "prompts.txt"),
            ["a red fox asleep in fresh snow", "a lighthouse in fog", "", "a table set for breakfast"]);
        File.WriteAllLines(
            Path.Combine(folder, "prompts.csv"),
            ["Name,Prompt,AspectRatio,Resolution", "fox,a red fox,16:9,2K", "whale,a blue whale,1:1,"]);
        File.WriteAllLines(Path.Combine(folder, "german.csv"), ["Name;Prompt;AspectRatio", "mühle;eine alte Mühle im Nebel;16:9"],
            System.Text.Encoding.Latin1);
        File.WriteAllLines(Path.Combine(folder, "prompts.jsonl"),
        [
            """{"prompt":"a red fox","aspect_ratio":"16:9","resolution":"2K"}""",
            """{"prompt":"a blue whale","image_urls":["https://images.example/whale.png"]}""",
        ]);
        File.WriteAllBytes(Path.Combine(folder, "fox.png"), Convert.FromBase64String(OnePixel));
        DirectoryInfo examples = Directory.CreateDirectory(Path.Combine(folder, "examples"));
        foreach (string file in Directory.GetFiles(Path.Combine(Paths.Repository, "examples")))
            File.Copy(file, Path.Combine(examples.FullName, Path.GetFileName(file)));
    }
}
