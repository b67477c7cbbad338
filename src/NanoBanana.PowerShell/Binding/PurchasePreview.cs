using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Views;

namespace NanoBanana.Binding;

/// <summary>
/// The output of -WhatIf: what each request would buy, which requests the batch already has, and the total. It needs no key, and reads the
/// journal without changing it. -Confirm shows the same for each request.
/// </summary>
/// <param name="connection">The value of <c>-Connection</c>; null if it is not given.</param>
/// <param name="access">The journal of the command.</param>
/// <param name="limits">The spending limits of the run.</param>
internal sealed class PurchasePreview(NanoBananaConnection? connection, JournalAccess access, SpendingLimits limits) : IDisposable
{
    private readonly RunBudget _budget = new("", DateTimeOffset.MaxValue)
    {
        PerRun = limits,
        PerDay = ConnectionResolver.DailyLimitsOf(connection ?? RunspaceData.Current.Connection),
    };
    private readonly Dictionary<string, ILookup<string, ImageTask>> _batches = new(StringComparer.Ordinal);
    private readonly HashSet<string> _matchedIds = new(StringComparer.Ordinal);
    private JournalReader? _journal;
    private BudgetPreview? _spending;
    private int _bought;
    private int _held;
    private int _unaffordable;
    private int _comments;
    private long _tokens;

    /// <summary>The endpoint of the requests.</summary>
    public Uri Endpoint { get; } = (connection ?? RunspaceData.Current.Connection)?.Endpoint ?? NanoBananaClientOptions.DefaultEndpoint;

    /// <summary>The journal; null if it does not exist yet.</summary>
    private JournalReader? Journal => _journal ??= access.ReadNow(Endpoint);

    /// <summary>The action for a request.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: the journal of the batch can't be used.
    /// </exception>
    public string Describe(ImageRequest request)
    {
        if (LooksLikeComment(request.Prompt))
            _comments++;
        if (request.Batch is not null && ActionIfHeld(request) is { } held)
        {
            _held++;
            return held;
        }
        if (_budget.HasLimits && (_spending ??= new BudgetPreview(_budget, Journal)).Refuse(request, Endpoint) is { } refusal)
        {
            _unaffordable++;
            return Messages.BuyNothing(refusal);
        }
        _bought++;
        _tokens += ImageModel.GetOutputTokens(request.Resolution);
        return Action(request) + ReasonToBuyAgain(request);
    }

    /// <summary>The total of all requests; null for fewer than two.</summary>
    public string? Total() =>
        _bought + _held + _unaffordable < 2 ? null : Messages.PreviewTotal(_bought, _tokens, _held, _unaffordable);

    /// <summary>The message about prompts that look like comments of a file; null without such prompts.</summary>
    public string? CommentNote() => _comments == 0 ? null : Messages.PromptsLookLikeComments(_comments);

    public void Dispose() => _journal?.Dispose();

    /// <summary>The target of a request, for ShouldProcess.</summary>
    public static string Target(ImageRequest request) => TextSafety.Excerpt(request.Prompt, 60);

    /// <summary>The action of a request, for ShouldProcess.</summary>
    public static string Action(ImageRequest request)
    {
        string resolution = request.Resolution ?? ImageModel.DefaultResolution;
        string size = request.AspectRatio is not null && ImageModel.TryGetPixelSize(request.AspectRatio, resolution, out PixelSize pixels)
            ? $"{request.AspectRatio} {resolution} ({TaskCells.SizeText(request.AspectRatio, resolution, pixels)})"
            : resolution;
        return Messages.Buy(
            size, request.ImageUrl?.Count ?? 0, ImageModel.GetOutputTokens(request.Resolution), request.Model, request.ImagePath);
    }

    private static bool LooksLikeComment(string? prompt) =>
        prompt?.TrimStart() is { } text && (text.StartsWith("#", StringComparison.Ordinal)
            || text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith(";", StringComparison.Ordinal));

    /// <summary>Why a request is bought although the batch has one with the same name or prompt; empty if it has no such request.</summary>
    private string ReasonToBuyAgain(ImageRequest request)
    {
        if (request.Batch is null || _journal is null)
            return "";
        if (!_batches.TryGetValue(request.Batch, out ILookup<string, ImageTask>? tasks))
            _batches[request.Batch] = tasks = _journal.Batch(request.Batch, Endpoint).ToLookup(KeyOf, StringComparer.Ordinal);
        if (tasks[KeyOf(request)].FirstOrDefault(task => !_matchedIds.Contains(task.Id)) is not { } older)
            return "";
        _matchedIds.Add(older.Id);
        IReadOnlyList<string> fields = RequestDifference.Of(request, older);
        string reason = fields.Count > 0 ? string.Join("; ", fields) : older.Status switch
        {
            ImageTaskStatus.Completed when older.Image.Count == 0 => Messages.OlderTaskHasNoImage,
            ImageTaskStatus.Completed when request.ImageUrl is { Count: > 0 } => Client.Text.Messages.ImageDiffers,
            ImageTaskStatus.Failed => Messages.OlderTaskFailed,
            ImageTaskStatus.Canceled => Messages.OlderTaskWasCanceled,
            ImageTaskStatus.Unknown => Messages.OlderOutcomeUnknown,
            _ => Messages.OneMoreEqualRequest,
        };
        return Messages.BuyAgain(older.Id, reason);
    }

    /// <summary>The key for finding an older request: the name, which a changed request keeps, or the prompt.</summary>
    private static string KeyOf(ImageParameters request) => request.Name is null ? "prompt " + RequestKey.Normalize(request.Prompt ?? "")
        : $"name {request.Variation} {RequestKey.Normalize(request.Name)}";

    /// <summary>The action if the batch already has the request; null if it would be bought.</summary>
    private string? ActionIfHeld(ImageRequest request)
    {
        if (Journal?.FindByRequest(request, Endpoint) is not { } holder)
            return null;
        _matchedIds.Add(holder.Id);
        if (holder.Status != ImageTaskStatus.Unknown)
            return Messages.HeldByTask(holder.Id, holder.Status);
        return request.ResubmitUnknown ? null : Messages.HeldByUnknown;
    }
}
