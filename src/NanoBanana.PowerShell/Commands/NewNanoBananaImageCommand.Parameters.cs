namespace NanoBanana.Commands;

/// <content>The parameters. The aliases are the provider's names, so that rows in the provider's format also bind.</content>
public sealed partial class NewNanoBananaImageCommand
{
    private const string PromptSet = "Prompt";
    private const string InputSet = "InputObject";
    private const string PromptPathSet = "PromptPath";

    /// <summary>The description of the image or of the edit, 1 to 2500 characters. Each string is one request.</summary>
    [Parameter(ParameterSetName = PromptSet, Mandatory = true, Position = 0,
        HelpMessage = "The description of the image or of the edit, 1 to 2500 characters.")]
    [Parameter(ParameterSetName = InputSet, Position = 0, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The description of the image or of the edit, 1 to 2500 characters.")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [AllowNull]
    [StringsOnly("A prompt", AcceptsDates = true)]
    public string[]? Prompt { get; set; }

    /// <summary>A prompt as a string, an object with a Prompt property, or a text file. With -Prompt, an image to edit.</summary>
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The input from the pipeline: a prompt, an object with a prompt, a task, an image, or a text file.")]
    [AllowEmptyString]
    [AllowNull]
    public PSObject? InputObject
    {
        get => _inputObject;
        set
        {
            _inputObject = value;
            _boundCount += value is null ? 0 : 1;
        }
    }

    /// <summary>Image files to edit or combine, at most 3 with those of ImageUrl: paths, wildcards, files, saved images.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "The image files to edit or combine in one request, at most 3 together with -ImageUrl.")]
    [Alias("image_path")]
    [SupportsWildcards]
    [ImagePath]
    public string[]? ImagePath { get; set; }

    /// <summary>The addresses of images to edit or combine, or completed tasks.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "The addresses of images to edit or combine in one request, at most 3 together with -ImagePath.")]
    [Alias("ImageUrls", "image_urls")]
    [ImageUrl]
    public string[]? ImageUrl { get; set; }

    /// <summary>Text files that contain one prompt each. Wildcards are allowed if no file has exactly this name.</summary>
    [Parameter(ParameterSetName = PromptPathSet, Mandatory = true, HelpMessage = "The paths of text files that contain one prompt each.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? PromptPath { get; set; }

    /// <summary>The number of images for each input, 1 to 100. Each image is one request.</summary>
    [Parameter(HelpMessage = "The number of images to make for each input, 1 to 100.")]
    [Alias("n")]
    [ValidateRange(1, 100)]
    public int Count { get; set; } = 1;

    /// <summary>The ratio of width to height, such as 16:9. Each value is one request.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The ratio of the width of the image to its height.")]
    [Alias("aspect_ratio")]
    [OriginalText("An aspect ratio", TakesLists = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string[]? AspectRatio { get; set; }

    /// <summary>The size of the image: 0.5K, 1K, 2K or 4K. Each value is one request.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The size of the image: 0.5K, 1K, 2K or 4K.")]
    [OriginalText("A resolution", TakesLists = true)]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string[]? Resolution { get; set; }

    /// <summary>The user's name for the image and its file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "Your name for the image and its file.")]
    [OriginalText("A name")]
    public string? Name { get; set; }

    /// <summary>
    /// The name of a batch. If the same script runs again with the same name, only missing requests are submitted. Requires the journal.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "The name of a batch, which you can run again to submit only the missing requests.")]
    [OriginalText("The name of a batch")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string? Batch { get; set; }

    /// <summary>The path to save one image to. The command waits for the image.</summary>
    [Parameter(HelpMessage = "The path of the file to save one image to.")]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>With OutFile, shows the image in the terminal, or in the viewer of the desktop.</summary>
    [Parameter(HelpMessage = "With -OutFile, shows the image when it is saved.")]
    public SwitchParameter Show { get; set; }

    /// <summary>With OutFile, replaces an existing file.</summary>
    [Parameter(HelpMessage = "With -OutFile, replaces a file that exists.")]
    public SwitchParameter Force { get; set; }

    /// <summary>Waits for the tasks and emits each task when it ends.</summary>
    [Parameter(HelpMessage = "Waits for the tasks and returns each task when it ends.")]
    public SwitchParameter Wait { get; set; }

    /// <summary>With Wait or OutFile, the time to wait for each task, in seconds after it is accepted.</summary>
    [Parameter(HelpMessage = "With -Wait or -OutFile, the time to wait for each task, in seconds after it is accepted.")]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>The kinds of content that the model returns: Text and Image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The kinds of content that the model returns.")]
    [Alias("response_modalities", "ResponseModalities")]
    [StringsOnly("A response modality")]
    [ArgumentCompleter(typeof(ResponseModalityCompleter))]
    public string[]? ResponseModality { get; set; }

    /// <summary>The id of the model.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The id of the model.")]
    [OriginalText("A model")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The maximum number of submissions at the same time, 1 to 256.</summary>
    [Parameter(HelpMessage = "The maximum number of submissions at the same time, 1 to 256.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>The maximum number of images. Submitting ends before the next image.</summary>
    [Parameter(HelpMessage = "The maximum number of images that this command may buy.")]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumImages { get; set; }

    /// <summary>The maximum number of tokens. Submitting ends before a request that can exceed it.</summary>
    [Parameter(HelpMessage = "The maximum number of tokens that this command may use.")]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumTokens { get; set; }

    /// <summary>The maximum cost in the provider's unit. Submitting ends before a request that can exceed it.</summary>
    [Parameter(HelpMessage = "The maximum cost of this command, in the provider's unit.")]
    [ValidateRange(0.0, double.MaxValue)]
    public decimal MaximumCost { get; set; }

    /// <summary>The name of a variable that receives the run: its current counts, and the exit code for a script.</summary>
    [Parameter(HelpMessage = "The name of the variable that receives the run, without $.")]
    [ValidateNotNullOrEmpty]
    public string? RunVariable { get; set; }

    /// <summary>With Batch, submits requests with an unknown outcome again.</summary>
    [Parameter(HelpMessage = "With -Batch, submits requests with an unknown outcome again.")]
    public SwitchParameter ResubmitUnknown { get; set; }
}
