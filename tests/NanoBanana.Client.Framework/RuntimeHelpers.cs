namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for where an array is indexed by a range.</summary>
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
