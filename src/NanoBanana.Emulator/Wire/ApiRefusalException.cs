namespace NanoBanana.Emulator.Wire;

/// <summary>The API turns a request down; the message is for the caller and names the field at fault.</summary>
internal sealed class ApiRefusalException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static ApiRefusalException Invalid(string message) => new(400, "invalid_parameter", message);
}
