using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Governing;

/// <summary>The commission sets parameters from a moment on; what was decided before stays decided.</summary>
/// <param name="Policy">The parameters to change; all others stay as they are in force then.</param>
public sealed record ActivatePolicyVersion([Required, Range(1, 1_000_000)] int? Version, [Required] DateTimeOffset? From, [Required] JsonElement? Policy)
{
    private const int Largest = 100_000, MostMonths = 1200, LeastTeamFeeSharePercent = 70;

    public IEnumerable<DomainEvent> Decide(PolicyVersions? versions, Moment at)
    {
        if (Version is not > 0)
            throw Refusing.Invalid(nameof(Version), "Versions are counted from 1.");
        var from = From!.Value.ToUniversalTime();
        var known = versions?.All.FirstOrDefault(v => v.Version == Version);
        var policy = Merged(PolicyVersions.At(known is null ? versions : new(versions!.All.Remove(known)), from));
        if (known is not null)
        {
            return known.From == from && Text(known.Policy) == Text(policy) ? []
                : throw new RuleBroken("POLICY_VERSION_KNOWN", "A version number is given once.", new { known.Version, known.From });
        }
        if (from < at.Now)
            throw new RuleBroken("POLICY_FROM_PAST", "A policy is in force from a moment that is still to come.", new { at.Now });
        return [new PolicyVersionActivated(Version.Value, from, policy)];
    }

    private Policy Merged(Policy inForce) => Merged(inForce, Policy);

    /// <summary>The policy in force with some of its parameters changed; each must make sense.</summary>
    internal static Policy Merged(Policy inForce, JsonElement? policy)
    {
        if (policy is not { ValueKind: JsonValueKind.Object } changes)
            throw Refusing.Invalid(nameof(Policy), "A policy is an object of parameters.");
        var all = JsonSerializer.SerializeToNode(inForce, JsonSerializerOptions.Web)!.AsObject();
        foreach (var change in changes.EnumerateObject())
        {
            if (!all.ContainsKey(change.Name))
                throw Refusing.Invalid($"policy.{change.Name}", "There is no such parameter.");
            all[change.Name] = JsonNode.Parse(change.Value.GetRawText());
        }
        Policy merged;
        try
        {
            merged = all.Deserialize<Policy>(JsonSerializerOptions.Web)!;
        }
        catch (JsonException e)
        {
            throw Refusing.Invalid($"policy{e.Path?.TrimStart('$')}", "This parameter is not as described.");
        }
        foreach (var (name, value) in all)
        {
            if (value is JsonValue number && number.GetValueKind() is JsonValueKind.Number && !IsSensible(name, number.GetValue<int>()))
                throw Refusing.Invalid($"policy.{name}", "This value makes no sense.");
        }
        if (merged.TermMonthsAllowed is not { Count: > 0 } || merged.TermMonthsAllowed.Any(months => months is < 1 or > 120))
            throw Refusing.Invalid("policy.termMonthsAllowed", "Terms of 1 to 120 months, at least one of them.");
        if (merged.StarWeights is not { Count: > 0 and <= 50 } weights || weights.Values.Sum(w => (long)w) != 100
            || weights.Any(w => w is { Value: < 0 } or { Key.Length: 0 or > 40 }))
            throw Refusing.Invalid("policy.starWeights", "The components of an assessment count a hundred points together.");
        // The programme's own rule, wherever signing is not free.
        if (merged is { SigningFeeFen: > 0, TeamFeeSharePercent: < LeastTeamFeeSharePercent })
            throw Refusing.Invalid("policy.teamFeeSharePercent", $"Of a signing fee the team gets {LeastTeamFeeSharePercent} percent at least.");
        return merged;
    }

    private static bool IsSensible(string name, int value) => value >= 0 && value <= (
        name.EndsWith("Percent", StringComparison.Ordinal) ? 100 : name.EndsWith("Months", StringComparison.Ordinal) ? MostMonths : Largest);

    private static string Text(Policy policy) => JsonSerializer.Serialize(policy);
}

public static class ActivatePolicyVersionEndpoint
{
    public static void MapActivatePolicyVersion(this IEndpointRouteBuilder routes) => routes
        .MapPost("/policies", Handle).WithName(nameof(ActivatePolicyVersion)).WithSummary("Activate a policy version").For(Role.Commission);

    private static async Task<Decided> Handle(ActivatePolicyVersion command, HttpContext http, Runner runner, City city, CancellationToken ct) =>
        new(await Take(command, http.Envelope(), runner, city, ct), "/policies");

    internal static Task<Done> Take(ActivatePolicyVersion command, Envelope envelope, Runner runner, City city, CancellationToken ct) =>
        runner.Execute<PolicyVersions>(PolicyVersions.StreamOf(city), envelope, command.Decide, ct);
}
