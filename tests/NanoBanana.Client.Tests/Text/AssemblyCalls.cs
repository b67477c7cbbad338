using System.Reflection;
using System.Reflection.Emit;

namespace NanoBanana.Client.Tests.Text;

/// <summary>The calls in the code of an assembly, in their order.</summary>
internal static class AssemblyCalls
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>
    /// The calls of each method, with the source type that contains it. Async methods and lambdas have separate compiled types.
    /// </summary>
    public static IEnumerable<(Type Type, MethodBase[] Calls)> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
        where method.GetMethodBody() is not null
        select (Outermost(type), CallsOf(method).ToArray());

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<MethodBase> CallsOf(MethodBase method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int at = 0; at < code.Length;)
        {
            int value = code[at++];
            if (value == 0xFE)
                value = 0xFE00 | code[at++];
            OpCode opCode = OpCodesByValue[value];
            if (opCode.OperandType == OperandType.InlineMethod && Resolve(method, BitConverter.ToInt32(code, at)) is { } called)
                yield return called;
            at += SizeOf(opCode.OperandType, code, at);
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token) => method.Module.ResolveMethod(
        token,
        method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static int SizeOf(OperandType type, byte[] code, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };
}
