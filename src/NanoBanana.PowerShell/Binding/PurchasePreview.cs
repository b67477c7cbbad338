using System.Globalization;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Views;

namespace NanoBanana.Binding;

/// <summary>
/// What -WhatIf says: what each request would buy, which ones of a batch are bought already, and what it comes to. It
/// needs no key, and looks at the journal without changing it. -Confirm says the same of each request.
/// </summary>
/// <param name="connection">Where the requests would go, if that was given.</param>
/// <param name="access">The journal of the command.</param>
/// <param name="limits">The most that the run may buy.</param>
internal sealed class PurchasePreview(NanoBananaConnection? connection, JournalAccess access, SpendingLimits limits) : IDisposable
{
    private readonly RunBudget _budget = new("", DateTimeOffset.MaxValue)
    {
        PerRun = limits,
        PerDay = ConnectionResolver.DailyLimitsOf(connection ?? RunspaceData.Current.Connection),
    };

    /// <summary>Where the requests would go.</summary>
    public Uri Endpoint { get; } = (connection ?? RunspaceData.Current.Connection)?.Endpoint ?? NanoBananaClientOptions.DefaultEndpoint;

    private readonly Dictionary<string, ILookup<string, ImageTask>> _batches = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private JournalReader? _journal;

    /// <summary>The journal as it is; null where there is none yet.</summary>
    private JournalReader? Journal => _journal ??= access.Glance(Endpoint);

    private int _images;
    private int _held;
    private int _unaffordable;
    private long _tokens;
    private BudgetPreview? _spending;
    private int _comments;

    /// <summary>What would be done with a request.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: its batch can have no journal.</exception>
    public string Describe(ImageRequest request)
    {
        if (LooksLikeComment(request.Prompt))
            _comments++;
        if (request.Batch is not null && Held(request) is { } held)
        {
            _held++;
            return held;
        }
        if (_budget.HasLimits && (_spending ??= new BudgetPreview(_budget, Journal)).Refuse(request, Endpoint) is { } refusal)
        {
            _unaffordable++;
            return "Buy nothing: " + refusal;
        }
        _images++;
        _tokens += ImageModel.GetOutputTokens(request.Resolution);
        return Action(request) + Again(request);
    }

    /// <summary>What all of them come to; null where that says nothing new.</summary>
    public string? Total()
    {
        if (_images + _held + _unaffordable < 2)
            return null;
        string held = _held == 0 ? "" : $"; {_held} held by the batch";
        string unaffordable = _unaffordable == 0 ? "" : $"; {_unaffordable} do not fit into the budget";
        return $"In all: buy {_images} {(_images == 1 ? "image" : "images")}, {_tokens} output tokens{held}{unaffordable}.";
    }

    /// <summary>What to know about prompts that look like comments of a file; null when there are none.</summary>
    public string? CommentLine() => _comments == 0
        ? null
        : string.Format(CultureInfo.InvariantCulture, "{0} {1} like a comment and {2} bought as any other. To leave comments out: "
            + "Get-Content FILE | Where-Object {{ $_ -notlike '#*' }}", _comments, _comments == 1 ? "prompt begins" : "prompts begin",
                _comments == 1 ? "is" : "are");

    public void Dispose() => _journal?.Dispose();

    /// <summary>What a request would send.</summary>
    public static string Target(ImageRequest request) => TextSafety.Excerpt(request.Prompt, 60);

    /// <summary>What a request would buy.</summary>
    public static string Action(ImageRequest request)
    {
        string resolution = request.Resolution ?? ImageModel.DefaultResolution;
        string shape = request.AspectRatio is not null && ImageModel.TryGetPixelSize(request.AspectRatio, resolution, out PixelSize size)
            ? $"{request.AspectRatio} {resolution} ({TaskCells.SizeText(request.AspectRatio, resolution, size)})"
            : resolution;
        string images = request.ImageUrl is { Count: > 0 } urls
            ? $" from {urls.Count} {(urls.Count == 1 ? "image" : "images")}"
            : "";
        string model = TextSafety.Excerpt(request.Model, 40);
        return $"Buy 1 image, {shape}{images}, {ImageModel.GetOutputTokens(request.Resolution)} output tokens, with {model}{Upload(request)}";
    }

    private static bool LooksLikeComment(string? prompt) =>
        prompt?.TrimStart() is { } text && (text.StartsWith("#", StringComparison.Ordinal)
            || text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith(";", StringComparison.Ordinal));

    /// <summary>Which files of this machine leave it. Whole paths: the row that names them can be someone else's.</summary>
    private static string Upload(ImageRequest request) => request.ImagePath is not { Count: > 0 } paths
        ? ""
        : ", and upload " + string.Join(", ", paths.Select(path => $"'{TextSafety.Excerpt(path, int.MaxValue)}'"));

    /// <summary>Why a request is bought although the batch has one of its name, or else of its prompt; empty when it has none.</summary>
    private string Again(ImageRequest request)
    {
        if (request.Batch is null || _journal is null)
            return "";
        if (!_batches.TryGetValue(request.Batch, out ILookup<string, ImageTask>? tasks))
            _batches[request.Batch] = tasks = _journal.Batch(request.Batch, Endpoint).ToLookup(KeyOf,
                StringComparer.Ordinal);
        if (tasks[KeyOf(request)].FirstOrDefault(task => !_known.Contains(task.Id)) is not { } older)
            return "";
        _known.Add(older.Id);
        IReadOnlyList<string> fields = RequestDifference.Of(request, older);
        string why = fields.Count > 0 ? string.Join("; ", fields) : older.Status switch
        {
            ImageTaskStatus.Completed when older.Image.Count == 0 => "that task has no image",
            ImageTaskStatus.Completed when request.ImageUrl is { Count: > 0 } => "an input image is another one",
            ImageTaskStatus.Failed or ImageTaskStatus.Canceled =>
                $"that task has {(older.Status == ImageTaskStatus.Failed ? "failed" : "been canceled")}",
            ImageTaskStatus.Unknown => "the outcome of that submit is unknown",
            _ => "it is one more of this kind",
        };
        return $", again after task {(older.Id.Length > 0 ? older.Id : "without an id")}: {why}";
    }

    /// <summary>By its name, which a changed request keeps, or else by its prompt.</summary>
    private static string KeyOf(ImageParameters request) => request.Name is null ? "prompt " + RequestKey.Normalize(request.Prompt ?? "")
        : $"name {request.Variation} {RequestKey.Normalize(request.Name)}";

    /// <summary>Why a batch would not buy a request; null when it would.</summary>
    private string? Held(ImageRequest request)
    {
        if (Journal?.Holder(request, Endpoint) is not { } holder)
            return null;
        _known.Add(holder.Id);
        if (holder.Status != ImageTaskStatus.Unknown)
            return $"Buy nothing: the batch has it as task {(holder.Id.Length > 0 ? holder.Id : "on its way")}, {holder.Status}";
        return request.ResubmitUnknown ? null : "Buy nothing: an earlier run sent it and its fate is unknown; -ResubmitUnknown buys it again";
    }
}
