namespace System.Runtime.CompilerServices;

/// <summary>The type that the compiler needs for an array with a range as index.</summary>
internal static class RuntimeHelpers
{
    public static T[] GetSubArray<T>(T[] array, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(array.Length);
        var part = new T[length];
        Array.Copy(array, offset, part, 0, length);
        return part;
    }
}
