namespace NanoBanana.Client.Images;

/// <summary>
/// The requested aspect ratio and size of a task. A task without a resolution has no requested size, and a task without an aspect ratio has
/// no requested shape.
/// </summary>
/// <remarks>
/// Gateways also return the sizes of earlier versions of the model (16:9 at 1K as 1344x768). Such small differences are accepted. The next
/// aspect ratio differs by 7 % (4:5 and 3:4), and the next size by 100 %.
/// </remarks>
internal sealed class RequestedSize
{
    private const double ShapeTolerance = 0.05;
    private const double SideTolerance = 0.1;
    private const double AreaTolerance = 0.35;

    private readonly string? _ratio;
    private readonly string? _resolution;
    private readonly PixelSize _size;

    private RequestedSize(string? ratio, string? resolution, PixelSize size) => (_ratio, _resolution, _size) = (ratio, resolution, size);

    /// <summary>
    /// The requested aspect ratio and size of a task; null if it has neither, or if the sizes of the model are not known.
    /// </summary>
    public static RequestedSize? Of(ImageTask task)
    {
        bool isRequested = task.AspectRatio is not null || task.Resolution is not null;
        return isRequested && task.Model is null or ImageModel.DefaultId
            && ImageModel.TryGetPixelSize(task.AspectRatio ?? "1:1", task.Resolution ?? ImageModel.DefaultResolution, out PixelSize size)
            ? new RequestedSize(task.AspectRatio, task.Resolution, size)
            : null;
    }

    /// <summary>Whether an image matches the request, except for small differences.</summary>
    public bool IsMetBy(PixelSize actual)
    {
        if (_ratio is null)
            return Near((double)actual.Width * actual.Height, (double)_size.Width * _size.Height, AreaTolerance);
        return Fits(actual, _size) || (IsUncertain && Fits(actual, _size with { Height = _size.Height * 2 }));
    }

    /// <summary>The usual form, such as <c>16:9 2K (2752x1536)</c>, or the requested part of it.</summary>
    public override string ToString() => (_ratio, _resolution) switch
    {
        (null, _) => _resolution!,
        (_, null) => _ratio,
        _ => $"{_ratio} {_resolution} ({_size})",
    };

    /// <summary>Public tables have two sizes for this combination, 792x168 and 792x336.</summary>
    private bool IsUncertain => (_ratio, _resolution) is ("21:9", "0.5K");

    private bool Fits(PixelSize actual, PixelSize requested) =>
        Near((double)actual.Width / actual.Height, (double)requested.Width / requested.Height, ShapeTolerance)
        && (_resolution is null
            || (Near(actual.Width, requested.Width, SideTolerance) && Near(actual.Height, requested.Height, SideTolerance)));

    private static bool Near(double value, double wanted, double tolerance) => Math.Abs(value / wanted - 1) <= tolerance;
}
