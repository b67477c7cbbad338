using System.Text;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Faults;

/// <summary>Answers whose body is not what it says it is.</summary>
internal static class FaultBodies
{
    /// <summary>The start of a task, and an id that does not end.</summary>
    private static readonly ArraySegment<byte> Endless = new(Encoding.ASCII.GetBytes("{\"id\":\"" + new string('a', 65536)));

    /// <summary>A right answer, made wrong.</summary>
    public static HttpResponse Spoil(HttpResponse answer, EmulatorFault fault)
    {
        long part = Math.Min(answer.Length, fault.BytesBeforeCut ?? answer.Length / 2);
        switch (fault.Kind)
        {
            case EmulatorFaultKind.CutBody:
                (answer.CutAfter, answer.Ending) = (part, HttpEnding.Close);
                break;
            case EmulatorFaultKind.StallBody:
                (answer.CutAfter, answer.Ending) = (part, HttpEnding.Hold);
                break;
            case EmulatorFaultKind.CutJson:
                (answer.CutAfter, answer.AnnouncedLength) = (part, part);
                break;
            case EmulatorFaultKind.WrongLength:
                (answer.AnnouncedLength, answer.Ending) = (Math.Max(0, answer.Length + fault.Bytes), HttpEnding.Close);
                break;
            case EmulatorFaultKind.WrongContentType:
                answer.ContentType = fault.ContentType;
                break;
        }

        return answer;
    }

    /// <remarks>A client that has seen enough hangs up; one that has read it all gets nothing more on this connection.</remarks>
    public static HttpResponse Huge(long bytes)
    {
        int parts = (int)Math.Min(int.MaxValue, bytes / Endless.Count + 1);
        var response = new HttpResponse(200) { Ending = HttpEnding.Close };
        return response.WithBody("application/json", Enumerable.Repeat(Endless, parts), bytes);
    }
}
