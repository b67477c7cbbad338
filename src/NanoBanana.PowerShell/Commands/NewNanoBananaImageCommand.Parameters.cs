namespace NanoBanana.Commands;

/// <content>What a user can give. The aliases are the wire's names, so that rows in the provider's own shape bind too.</content>
public sealed partial class NewNanoBananaImageCommand
{
    private const string PromptSet = "Prompt";
    private const string InputSet = "InputObject";
    private const string PromptPathSet = "PromptPath";

    /// <summary>What to make, or what to change in the images that are given; 1 to 2500 characters. Each string is one request.</summary>
    [Parameter(ParameterSetName = PromptSet, Mandatory = true, Position = 0,
        HelpMessage = "The description of the image or of the edit, 1 to 2500 characters.")]
    [Parameter(ParameterSetName = InputSet, Position = 0, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The description of the image or of the edit, 1 to 2500 characters.")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [AllowNull]
    [StringsOnly("A prompt", AcceptsDates = true)]
    public string[]? Prompt { get; set; }

    /// <summary>A prompt as a string, an object with a Prompt property, or a text file; with -Prompt an image to edit.</summary>
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
            _bound += value is null ? 0 : 1;
        }
    }

    /// <summary>Image files to edit or combine, at most 3 with those of ImageUrl: paths, wildcards, files, saved images.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "The image files to edit or combine in one request, at most 3 together with -ImageUrl.")]
    [Alias("image_path")]
    [SupportsWildcards]
    [ImagePath]
    public string[]? ImagePath { get; set; }

    /// <summary>Images to edit or combine that have an address: addresses, or completed tasks.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "The addresses of images to edit or combine in one request, at most 3 together with -ImagePath.")]
    [Alias("ImageUrls", "image_urls")]
    [ImageUrl]
    public string[]? ImageUrl { get; set; }

    /// <summary>Text files, each one prompt; wildcards are allowed where no file has the very name.</summary>
    [Parameter(ParameterSetName = PromptPathSet, Mandatory = true, HelpMessage = "The paths of text files that contain one prompt each.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? PromptPath { get; set; }

    /// <summary>How many images to make of each request, 1 to 100. Each is bought by itself.</summary>
    [Parameter(HelpMessage = "The number of images to make for each input, 1 to 100.")]
    [Alias("n")]
    [ValidateRange(1, 100)]
    public int Count { get; set; } = 1;

    /// <summary>The shape of the image, such as 16:9. Each of several is bought by itself.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The ratio of the width of the image to its height.")]
    [Alias("aspect_ratio")]
    [WrittenText("An aspect ratio", TakesLists = true)]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string[]? AspectRatio { get; set; }

    /// <summary>The size of the image: 0.5K, 1K, 2K or 4K. Each of several is bought by itself.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The size of the image: 0.5K, 1K, 2K or 4K.")]
    [WrittenText("A resolution", TakesLists = true)]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string[]? Resolution { get; set; }

    /// <summary>Your own name for the image; its file is named after it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "Your name for the image and its file.")]
    [WrittenText("A name")]
    public string? Name { get; set; }

    /// <summary>
    /// Your name for the run. Running the same script again under the same name buys only what is missing. Needs the journal.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "The name of a batch, which you can run again to submit only the missing requests.")]
    [WrittenText("The name of a batch")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string? Batch { get; set; }

    /// <summary>Waits and saves the one image under this very name.</summary>
    [Parameter(HelpMessage = "The path of the file to save one image to.")]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>With OutFile, shows the image in the terminal, else in the viewer of the desktop.</summary>
    [Parameter(HelpMessage = "With -OutFile, shows the image when it is saved.")]
    public SwitchParameter Show { get; set; }

    /// <summary>With OutFile, replaces a file that is there already.</summary>
    [Parameter(HelpMessage = "With -OutFile, replaces a file that exists.")]
    public SwitchParameter Force { get; set; }

    /// <summary>Waits until the tasks have ended and emits them then.</summary>
    [Parameter(HelpMessage = "Waits for the tasks and returns each task when it ends.")]
    public SwitchParameter Wait { get; set; }

    /// <summary>With Wait or OutFile, how long to wait for each task, in seconds from its acceptance.</summary>
    [Parameter(HelpMessage = "With -Wait or -OutFile, the time to wait for each task, in seconds after it is accepted.")]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>What to answer with, Text and Image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The kinds of content that the model returns.")]
    [Alias("response_modalities", "ResponseModalities")]
    [StringsOnly("A response modality")]
    [ArgumentCompleter(typeof(ResponseModalityCompleter))]
    public string[]? ResponseModality { get; set; }

    /// <summary>The model's id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The id of the model.")]
    [WrittenText("A model")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The most submits at once.</summary>
    [Parameter(HelpMessage = "The maximum number of submissions at the same time, 1 to 256.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>The most images to buy; submitting ends before one more.</summary>
    [Parameter(HelpMessage = "The maximum number of images that this command may buy.")]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumImages { get; set; }

    /// <summary>The most tokens to buy; submitting ends before a request that may need more.</summary>
    [Parameter(HelpMessage = "The maximum number of tokens that this command may use.")]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumTokens { get; set; }

    /// <summary>The most to spend, in the provider's unit; submitting ends before a request that may cost more.</summary>
    [Parameter(HelpMessage = "The maximum cost of this command, in the provider's unit.")]
    [ValidateRange(0.0, double.MaxValue)]
    public decimal MaximumCost { get; set; }

    /// <summary>The name of a variable that receives the run: its numbers at any moment, and the exit code for a script.</summary>
    [Parameter(HelpMessage = "The name of the variable that receives the run, without $.")]
    [ValidateNotNullOrEmpty]
    public string? RunVariable { get; set; }

    /// <summary>With Batch, buys again what an earlier run sent and whose outcome is unknown.</summary>
    [Parameter(HelpMessage = "With -Batch, submits requests with an unknown outcome again.")]
    public SwitchParameter ResubmitUnknown { get; set; }
}
