using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// A log with one line of JSON for each event (https://jsonlines.org). Several processes can write to one file, because each line is short
/// and is one write at the end of the file. If the log can't be written, the work continues.
/// </summary>
public sealed class EventLog
{
    /// <summary>The environment variable with the path of the log.</summary>
    public const string Variable = "NANOBANANA_LOG";

    /// <summary>The maximum length of a line in bytes: a file system and a pipe write this length atomically.</summary>
    internal const int LongestLine = 4096;

    /// <summary>Maximum lengths of texts, tried in this order until the line is short enough. A character can take six bytes.</summary>
    private static readonly int[] TextLengths = [500, 200, 50];

    /// <summary>The files that could not be written. Each is reported once, until it can be written again.</summary>
    private static readonly ConcurrentDictionary<string, bool> Reported = new(StringComparer.Ordinal);

    private readonly string _path;
    private readonly ServerText _text;
    private readonly TimeProvider _time;

    internal EventLog(string path, ServerText text, TimeProvider time) => (_path, _text, _time) = (path, text, time);

    /// <summary>Writes an event.</summary>
    /// <returns>A warning the first time that the file can't be written; otherwise null.</returns>
    public string? Write(ClientEvent what)
    {
        try
        {
            byte[] line = [];
            foreach (int length in TextLengths)
            {
                line = Format(what, length);
                if (line.Length <= LongestLine)
                    break;
            }
            AppendedFile.Append(_path, line);
            Reported.TryRemove(_path, out _);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Reported.TryAdd(_path, true) ? Messages.LogNotWritten(_path, e.Message) : null;
        }
    }

    private byte[] Format(ClientEvent what, int length)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            void Text(string name, string? value)
            {
                if (!string.IsNullOrEmpty(value))
                    json.WriteString(name, _text.SanitizeLine(value!, length));
            }
            void Number(string name, decimal? value)
            {
                if (value is { } number)
                    json.WriteNumber(name, number);
            }
            ImageTask? task = what.About as ImageTask;
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("event", what.Kind.ToString().ToLowerInvariant());
            Text("run", what.About?.RunItem?.Run.WholeId);
            Text("batch", what.About?.Batch);
            Text("name", what.About?.Name);
            Number("index", what.About?.InputIndex);
            Text("id", task?.Id);
            Text("status", task?.Status.ToString());
            Number("attempt", what.Attempt);
            Number("tokens", task?.TotalTokens);
            Number("cost", task?.Cost);
            Number("seconds", what.Length is { } pause ? Math.Round((decimal)pause.TotalSeconds, 3) : null);
            Text("file", what.File);
            Text("error", what.Error?.ToString());
            Text("message", what.Message ?? task?.Error?.ToString());
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
