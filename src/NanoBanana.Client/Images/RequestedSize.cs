namespace NanoBanana.Client.Images;

/// <summary>
/// The shape and the size that a task asked for. Only what was asked for counts: a task without a resolution asked for no
/// size, one without an aspect ratio for no shape.
/// </summary>
/// <remarks>
/// Gateways serve the sizes of the model's earlier versions too (16:9 at 1K as 1344x768): differences of that kind are small.
/// The next shape is 7 % away (4:5 and 3:4), the next size 100 %.
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

    /// <summary>What a task asked for; null when that was neither a shape nor a size, or the model's sizes are not known.</summary>
    public static RequestedSize? Of(ImageTask task)
    {
        bool isAsked = task.AspectRatio is not null || task.Resolution is not null;
        return isAsked && task.Model is null or ImageModel.DefaultId
            && ImageModel.TryGetPixelSize(task.AspectRatio ?? "1:1", task.Resolution ?? ImageModel.DefaultResolution, out PixelSize size)
            ? new RequestedSize(task.AspectRatio, task.Resolution, size)
            : null;
    }

    /// <summary>Whether an image is what was asked for, apart from small differences.</summary>
    public bool IsMetBy(PixelSize came)
    {
        if (_ratio is null)
            return Near((double)came.Width * came.Height, (double)_size.Width * _size.Height, AreaTolerance);
        return Fits(came, _size) || (IsUncertain && Fits(came, _size with { Height = _size.Height * 2 }));
    }

    /// <summary>As people write it: <c>16:9 2K (2752x1536)</c>, or the part of it that was asked for.</summary>
    public override string ToString() => (_ratio, _resolution) switch
    {
        (null, _) => _resolution!,
        (_, null) => _ratio,
        _ => $"{_ratio} {_resolution} ({_size})",
    };

    /// <summary>Public tables give 792x168 and 792x336 for this one.</summary>
    private bool IsUncertain => (_ratio, _resolution) is ("21:9", "0.5K");

    private bool Fits(PixelSize came, PixelSize asked) =>
        Near((double)came.Width / came.Height, (double)asked.Width / asked.Height, ShapeTolerance)
        && (_resolution is null || (Near(came.Width, asked.Width, SideTolerance) && Near(came.Height, asked.Height, SideTolerance)));

    private static bool Near(double value, double wanted, double tolerance) => Math.Abs(value / wanted - 1) <= tolerance;
}
