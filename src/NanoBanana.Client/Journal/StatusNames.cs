namespace NanoBanana.Client.Journal;

/// <summary>Statuses by the names that the journal keeps.</summary>
internal static class StatusNames
{
    private static readonly Dictionary<string, ImageTaskStatus> ByName =
        Enum.GetValues(typeof(ImageTaskStatus)).Cast<ImageTaskStatus>().ToDictionary(status => status.ToString(), StringComparer.Ordinal);

    /// <summary>A name that this version does not have is of a task that may have been paid for.</summary>
    public static ImageTaskStatus Read(string name) => ByName.TryGetValue(name, out ImageTaskStatus status) ? status : ImageTaskStatus.Unknown;
}
