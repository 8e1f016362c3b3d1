using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// What an endpoint may come to, read from its code and from all of ours that it calls: no list of refusals has to be
/// kept beside each endpoint, and none can be forgotten.
/// </summary>
internal sealed class Reach
{
    private static readonly FrozenDictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToFrozenDictionary(o => o.Value);

    private readonly HashSet<MethodBase> seen = [];
    private readonly Func<string, bool> isCode;

    private Reach(Func<string, bool> isCode) => this.isCode = isCode;

    /// <summary>Codes of refusals that stand in the code.</summary>
    public SortedSet<string> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>It is a command: it looks at If-Match and Idempotency-Key.</summary>
    public bool IsCommand { get; private set; }

    /// <summary>It answers with the address of something new.</summary>
    public bool Creates { get; private set; }

    public static Reach Of(MethodBase endpoint, Func<string, bool> isCode)
    {
        var reach = new Reach(isCode);
        var open = new Stack<MethodBase>([endpoint]);
        while (open.TryPop(out var method))
        {
            foreach (var next in reach.Read(method))
            {
                if (reach.seen.Add(next))
                    open.Push(next);
            }
        }
        return reach;
    }

    private List<MethodBase> Read(MethodBase method)
    {
        var called = new List<MethodBase>();
        // What awaits or yields has its code in a type of its own.
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
            called.Add(machine.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic)!);
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return called;
        var (types, generics) = (method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        var before = OpCodes.Nop;
        for (var i = 0; i < code.Length;)
        {
            var op = code[i] == 0xFE ? OpCodeOf[unchecked((short)(0xFE00 | code[i + 1]))] : OpCodeOf[code[i]];
            i += op.Size;
            if (op.OperandType is OperandType.InlineString && method.Module.ResolveString(BitConverter.ToInt32(code, i)) is var text && isCode(text))
                Codes.Add(text);
            else if (op.OperandType is OperandType.InlineMethod or OperandType.InlineTok
                && method.Module.ResolveMember(BitConverter.ToInt32(code, i), types, generics) is MethodBase target && IsOurs(target))
            {
                called.Add(target);
                if (op == OpCodes.Newobj && target.DeclaringType == typeof(UnknownId))
                    Codes.Add("NOT_FOUND");
                if (op == OpCodes.Newobj && target.DeclaringType == typeof(Decided))
                    Creates |= before != OpCodes.Ldnull;
                IsCommand |= target.DeclaringType == typeof(Envelopes) && target.Name == nameof(Envelopes.Envelope);
            }
            i += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
            before = op;
        }
        return called;
    }

    private static bool IsOurs(MethodBase method) => method.Module.Assembly.GetName().Name!.StartsWith("FamilyDoctor.", StringComparison.Ordinal);
}
