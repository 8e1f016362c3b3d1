using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <summary>What may stand in an event: codes, never sentences.</summary>
public static partial class Codes
{
    public const string Pattern = @"^[\w.:/-]{1,60}$";

    /// <summary>Refuses what is no code; for rows of imports, which no form has checked.</summary>
    public static string Check(string code) =>
        Shape().IsMatch(code) ? code : throw new RuleBroken("RULE_VIOLATION", "A code has letters, digits and . : / - without blanks, 60 at most.");

    [GeneratedRegex(Pattern)]
    private static partial Regex Shape();
}

/// <summary>A code: letters, digits and . : / - without blanks.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CodeAttribute() : RegularExpressionAttribute(Codes.Pattern);

/// <summary>A list of codes, fifty at most.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CodeListAttribute() : ValidationAttribute("The field {0} must be a list of codes.")
{
    private static readonly CodeAttribute Code = new();

    public override bool IsValid(object? value) =>
        value is not IReadOnlyList<string?> codes || (codes.Count <= 50 && codes.All(c => !string.IsNullOrEmpty(c) && Code.IsValid(c)));
}
