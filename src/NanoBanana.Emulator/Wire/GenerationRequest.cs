using System.Text.Json;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Reads the parameters of a create request: <c>{"model":"…","input":[{"params":{…}}]}</c>.</summary>
internal static class GenerationRequest
{
    public const string Model = "nano_banana_2";

    /// <summary>The header that contains the model instead of the body. The provider's newer programs send it.</summary>
    private const string ModelHeader = "X-Model";

    /// <summary>Reads and checks the body.</summary>
    /// <exception cref="ApiRefusalException">400 or 415: the message contains the invalid field.</exception>
    public static GenerationParameters Read(HttpRequest request)
    {
        string? model = request.Headers[ModelHeader];
        return model is null or Model
            ? JsonFields.ReadBody(request, body => Read(body, hasModel: model is not null))
            : throw ApiRefusalException.Invalid($"{ModelHeader} must be one of {Model}.");
    }

    private static GenerationParameters Read(JsonElement body, bool hasModel)
    {
        JsonElement? parameters = null;
        foreach (var field in body.EnumerateObject())
        {
            switch (field.Name)
            {
                case "model":
                    JsonFields.Choice(field.Value, field.Name, [Model]);
                    hasModel = true;
                    break;
                case "input":
                    parameters = Unwrap(field.Value);
                    break;
                // The provider's own programs send these fields. They have no effect here.
                case "moderation" or "dash_scope":
                    JsonFields.Boolean(field.Value, field.Name);
                    break;
                case "metadata":
                    JsonFields.Object(field.Value, field.Name);
                    break;
                case "id":
                    JsonFields.String(field.Value, field.Name);
                    break;
                default:
                    throw JsonFields.Unknown(field.Name);
            }
        }

        return hasModel
            ? ParameterReader.Read(parameters ?? throw JsonFields.Missing("input"))
            : throw JsonFields.Missing("model");
    }

    private static JsonElement Unwrap(JsonElement input)
    {
        if (JsonFields.Array(input, "input").GetArrayLength() != 1)
            throw ApiRefusalException.Invalid("input must hold exactly one object.");

        JsonElement? parameters = null;
        foreach (var field in JsonFields.Object(input[0], "input[0]").EnumerateObject())
        {
            parameters = field.Name == "params"
                ? JsonFields.Object(field.Value, "input[0].params")
                : throw JsonFields.Unknown("input[0]." + field.Name);
        }

        return parameters ?? throw JsonFields.Missing("input[0].params");
    }
}
