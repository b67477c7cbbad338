namespace NanoBanana.Commands;

/// <content>What a user can give. The aliases are the wire's names, so that rows in the provider's own shape bind too.</content>
public sealed partial class NewNanoBananaImageCommand
{
    private const string PromptSet = "Prompt";
    private const string InputSet = "InputObject";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>What to make, 1 to 2500 characters; each string is one picture.</summary>
    [Parameter(ParameterSetName = PromptSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = InputSet, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [AllowNull]
    [StringsOnly("A prompt", AcceptsDates = true)]
    public string[]? Prompt { get; set; }

    /// <summary>A prompt as a string, an object with a Prompt property, or a text file.</summary>
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true)]
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

    /// <summary>Text files, each one prompt; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Text files, each one prompt; the paths are taken as they are.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Addresses of at most 3 pictures to start from.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ImageUrls", "image_urls")]
    [StringsOnly("An image address", AcceptsUri = true)]
    public string[]? ImageUrl { get; set; }

    /// <summary>Picture files to start from; with ImageUrl at most 3.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("image_path")]
    [StringsOnly("An image path")]
    public string[]? ImagePath { get; set; }

    /// <summary>The shape of the picture, such as 16:9.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("aspect_ratio")]
    [WrittenText("An aspect ratio")]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>The size of the picture: 0.5K, 1K, 2K or 4K.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WrittenText("A resolution")]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>What to answer with, Text and Image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("response_modalities", "ResponseModalities")]
    [StringsOnly("A response modality")]
    [ArgumentCompleter(typeof(ResponseModalityCompleter))]
    public string[]? ResponseModality { get; set; }

    /// <summary>The model's id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WrittenText("A model")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Your own name for the picture; its file is named after it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WrittenText("A name")]
    public string? Name { get; set; }

    /// <summary>
    /// Your name for the run. Running the same script again under the same name buys only what is missing. Needs the journal.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WrittenText("The name of a batch")]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string? Batch { get; set; }

    /// <summary>With Batch, buys again what was sent by an earlier run and whose fate is unknown.</summary>
    [Parameter]
    public SwitchParameter ResubmitUnknown { get; set; }

    /// <summary>The most images to buy; submitting ends before one more.</summary>
    [Parameter]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumImages { get; set; }

    /// <summary>The most tokens to buy; submitting ends before a request that may need more.</summary>
    [Parameter]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumTokens { get; set; }

    /// <summary>The most to spend, in the provider's unit; submitting ends before a request that may cost more.</summary>
    [Parameter]
    [ValidateRange(0.0, double.MaxValue)]
    public decimal MaximumCost { get; set; }

    /// <summary>The name of a variable that receives the run: its numbers at any moment, and the exit code for a script.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RunVariable { get; set; }

    /// <summary>The most submits at once.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>Waits until the tasks have ended and emits them then.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Waits and saves the one picture under this very name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>With OutFile, replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>With Wait or OutFile, how long to wait for each task, in seconds from its acceptance.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;
}
