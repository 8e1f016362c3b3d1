using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace FamilyDoctor.Beds;

/// <summary>A list of codes, not of sentences: nothing written freely may get into an event.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed partial class CodesAttribute() : ValidationAttribute("Must be a list of 50 codes at most, each of letters, digits, '.', '-' or '_'.")
{
    public override bool IsValid(object? value) =>
        value is null || (value is IReadOnlyList<string?> { Count: <= 50 } codes && codes.All(c => c is not null && Code().IsMatch(c)));

    [GeneratedRegex(@"\A[A-Za-z0-9._\-]{1,40}\z")]
    private static partial Regex Code();
}
