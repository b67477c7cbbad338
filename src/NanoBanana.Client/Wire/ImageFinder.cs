using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>Searches an answer for images and texts in any place.</summary>
internal sealed class ImageFinder
{
    private const int MaximumDepth = 60;

    /// <summary>The address of an answer whose own address is not known.</summary>
    public static readonly Uri NoAddress = new("https://inline.invalid/");

    private readonly FoundOutputs _found = new();
    private readonly WireReply _reply;

    private ImageFinder(WireReply reply) => _reply = reply;

    public static FoundOutputs Search(AnswerLayers layers, WireReply reply)
    {
        var finder = new ImageFinder(reply);
        bool isOutput = layers.Root.ValueKind == JsonValueKind.Array;
        finder.Walk(layers.Root, null, layers.RootFields, "", isOutput, Certainty.NextToStatus, 0);
        return finder._found;
    }

    /// <summary>Searches a value. Its text and its properties are passed if they were read before.</summary>
    private void Walk(JsonElement value, string? text, Fields? fields, string key, bool isOutput, Certainty certainty, int depth)
    {
        if (depth > MaximumDepth)
            return;
        if (value.ValueKind == JsonValueKind.String)
        {
            text ??= value.GetString()!;
            if (JsonReading.Unwrap(text) is { } unwrapped)
                value = unwrapped;
            else
                ReadValue(text, key, null, isOutput, certainty);
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                    Walk(item, null, null, key, isOutput || ImageNames.IsOutput(key), certainty, depth + 1);
                break;
            case JsonValueKind.Object:
                fields ??= new Fields(value);
                if (fields.Count > 0)
                    WalkObject(fields, key, isOutput, certainty, depth);
                break;
            case JsonValueKind.Number:
                _found.HasUnknown |= isOutput && ImageNames.IsImageName(key);
                break;
        }
    }

    private void WalkObject(Fields fields, string key, bool isOutput, Certainty certainty, int depth)
    {
        OutputKind kind = OutputKinds.Of(fields);
        if (fields["thought"].ValueKind == JsonValueKind.True)
            return;
        if (fields.Text("finishreason", "blockreason") is { } reason && !ProviderErrors.IsPlaceholder(reason))
            _found.FinishReason ??= reason;
        _found.FinishMessage ??= fields.Text("finishmessage", "blockreasonmessage", "refusal");
        if (isOutput && kind == OutputKind.Text)
        {
            ReadText(fields);
            return;
        }
        if (kind == OutputKind.OtherMedia)
        {
            _found.HasUnknown |= isOutput;
            return;
        }
        if (kind == OutputKind.Unknown && isOutput)
            certainty = Certainty.Elsewhere;
        int before = _found.Count;
        // An item may have the same image in several forms. Its first address counts, and its data only if it has no address.
        bool isFound = false;
        for (int rank = 0; rank < 3; rank++)
        {
            for (int i = 0; i < fields.Count && !isFound; i++)
            {
                string name = fields.KeyAt(i);
                bool inOutput = isOutput || kind == OutputKind.Image || ImageNames.MayBeProse(name);
                if (rank == (ImageNames.IsData(name) ? 2 : name == "url" ? 0 : 1) && IsOwn(fields, i))
                    isFound = ReadValue(fields.TextAt(i), name, fields, inOutput, certainty);
            }
        }
        for (int i = 0; i < fields.Count; i++)
        {
            string name = fields.KeyAt(i);
            JsonElement child = fields.ValueAt(i);
            if (IsOwn(fields, i) || IsSkipped(fields, i, key, isOutput, kind))
                continue;
            bool isMetadata = name is "metadata" or "extra" or "extrainfo";
            bool inOutput = isOutput || name == "imageurls" || (name != "data" && ImageNames.IsOutput(name));
            string? text = child.ValueKind == JsonValueKind.String ? fields.TextAt(i) : null;
            Fields? inner = child.ValueKind == JsonValueKind.Object ? fields.FieldsAt(i) : null;
            Walk(child, text, inner, name, inOutput && !isMetadata, isMetadata ? Certainty.Elsewhere : certainty, depth + 1);
        }
        if (_found.Count == before && kind == OutputKind.Image)
            _found.HasBrokenImage = true;
    }

    private static bool IsOwn(Fields fields, int index) => fields.KeyAt(index) is var name
        && fields.ValueAt(index).ValueKind == JsonValueKind.String && (ImageNames.IsAddress(name) || ImageNames.IsData(name))
        && !ImageNames.CannotBeResult(name) && JsonReading.Unwrap(fields.TextAt(index)) is null;

    /// <summary>
    /// The property <c>source</c> of an image contains the image. <c>image_urls</c> are images of the request unless they are in a place
    /// for outputs.
    /// </summary>
    private static bool IsSkipped(Fields fields, int index, string key, bool isOutput, OutputKind kind) => fields.KeyAt(index) switch
    {
        "source" when kind == OutputKind.Image && fields.ValueAt(index).ValueKind == JsonValueKind.Object => false,
        "imageurls" => fields.Has("prompt", "aspectratio", "resolution") || !(isOutput || key is "data" or "output" or "result"),
        var name => ImageNames.CannotBeResult(name),
    };

    /// <summary>Reads a text: an image in one of its forms, a text of the model, or an unknown output.</summary>
    /// <returns>Whether the text is an image.</returns>
    private bool ReadValue(string raw, string key, Fields? owner, bool isOutput, Certainty certainty)
    {
        string text = raw.Trim();
        if (text.Length == 0 || _reply.RepeatsSentImage(text))
            return false;
        if (ImageText.IsData(text, isExpected: ImageNames.IsData(key)))
            return ReadData(text, owner, isOutput && certainty == Certainty.NextToStatus ? Certainty.Result : certainty);
        bool isImageName = ImageNames.IsImageName(key) || key == "url";
        bool isName = ImageNames.IsAddress(key) || ImageNames.IsOutput(key);
        if (isName && ImageText.Addresses(text) is { Count: > 1 } several)
            return several.Select(one => ReadValue(one, key, null, isOutput, certainty)).ToArray().Contains(true);
        if (ImageText.AddressOf(text, _reply.Address, isExpected: isName && (isOutput || isImageName)) is { } address)
        {
            Certainty found = isOutput && isName ? (certainty == Certainty.NextToStatus ? Certainty.Result : certainty)
                : isImageName ? certainty
                : ImageText.HasImageExtension(address.AbsolutePath) ? Certainty.Elsewhere
                : Certainty.Possible;
            _found.Add(new ImageOutput { Url = address }, owner, found, address.AbsoluteUri);
            return true;
        }
        if (isOutput || ImageNames.IsProse(key))
            ReadProse(text, key, isOutput);
        return false;
    }

    private bool ReadData(string text, Fields? owner, Certainty certainty)
    {
        if (ImageText.Decode(text) is not { } data)
        {
            _found.HasBrokenImage = true;
            return false;
        }
        var inline = new ImageOutput { Url = _reply.Address ?? NoAddress, IsInline = true, Bytes = data.Bytes, ContentType = data.Type };
        _found.Add(inline, owner, certainty, $"{text.Length} {text.Substring(0, 24)} {text.Substring(Math.Max(0, text.Length - 200))}");
        return true;
    }

    /// <summary>Reads a text of the model, which can contain images as chat models write them, or an unknown output.</summary>
    private void ReadProse(string text, string key, bool isOutput)
    {
        int before = _found.Count;
        foreach (string target in Markup.ImagesOf(text))
            ReadValue(target, "imageurl", null, isOutput: false, isOutput ? Certainty.NextToStatus : Certainty.Elsewhere);
        if (_found.Count == before)
        {
            foreach (string target in Markup.AddressesOf(text))
                ReadValue(target, "imageurl", null, isOutput: false, Certainty.Elsewhere);
        }
        if (_found.Count > before || !isOutput)
            return;
        if (ImageNames.IsProse(key) || (ImageNames.MayBeProse(key) && text.Any(char.IsWhiteSpace)))
            _found.AddText(TextSafety.Clean(text));
        else if (ImageNames.IsImageName(key) || ImageNames.IsAddress(key))
            _found.HasUnknown = true;
    }

    /// <summary>Reads an item that is declared as text.</summary>
    private void ReadText(Fields item)
    {
        JsonElement text = item["text", "content", "value"];
        if (text.ValueKind == JsonValueKind.Object)
            text = new Fields(text)["value", "text", "content"];
        if (text.ValueKind is JsonValueKind.String && text.GetString()!.Trim() is { Length: > 0 } words)
        {
            if (ImageText.IsData(words, isExpected: false))
                ReadData(words, null, Certainty.NextToStatus);
            else
                ReadProse(words, "text", isOutput: true);
        }
        else if (text.ValueKind == JsonValueKind.Number)
        {
            _found.AddText(text.AsText()!);
        }
        else if (item["url", "texturl", "uri"].AsHttpAddress() is { } address)
        {
            if (ImageText.HasImageExtension(address.AbsolutePath))
                _found.Add(new ImageOutput { Url = address }, item, Certainty.Elsewhere, address.AbsoluteUri);
            else
                _found.TextUrl ??= address;
        }
    }
}
