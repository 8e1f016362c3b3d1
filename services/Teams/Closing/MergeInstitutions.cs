using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Closing;

/// <summary>One or two institutions become part of another, all at once; their teams go on there.</summary>
public sealed record MergeInstitutions([Required, MinLength(1), MaxLength(2)] IReadOnlyList<Guid>? From)
{
    public const string Reason = "merged";

    public (IEnumerable<DomainEvent> Into, IEnumerable<DomainEvent> First, IEnumerable<DomainEvent> Second) Decide(
        Institution? into, Institution? first, Institution? second)
    {
        if (From is not ({ Count: 1 } or { Count: 2 }) || From.Distinct().Count() < From.Count)
            throw Refusing.Invalid(nameof(From), "One or two institutions are merged at a time.");
        var successor = Institution.Active(into);
        var (one, two) = (Institution.Close(first, successor, Reason).ToList(), From.Count == 1 ? [] : Institution.Close(second, successor, Reason).ToList());
        var closed = one.Concat(two).Select(e => e.InstitutionId).ToList();
        return (closed.Count > 0 ? [new InstitutionsMerged(closed, successor.Id)] : [], one, two);
    }
}

public static class MergeInstitutionsEndpoint
{
    public static void MapMergeInstitutions(this IEndpointRouteBuilder routes) => routes
        .MapPost("/institutions/{institutionId:guid}/merger", Handle).WithName(nameof(MergeInstitutions)).WithSummary("Merge institutions into this one")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid institutionId, MergeInstitutions command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await Take(command, institutionId, http.Envelope(), runner, ct));

    internal static Task<Done> Take(MergeInstitutions command, Guid into, Envelope envelope, Runner runner, CancellationToken ct)
    {
        var from = command.From!;
        if (from.Contains(into) || from.Distinct().Count() < from.Count)
            throw new RuleBroken("RULE_VIOLATION", "An institution is merged once, and not into itself.", new { from });
        // With one institution to merge the third stream is nobody's, and empty for ever.
        return runner.Execute<Institution, Institution, Institution>(into, from[0], from.ElementAtOrDefault(1), envelope,
            (institution, first, second, _) => command.Decide(institution, first, second), ct);
    }
}
