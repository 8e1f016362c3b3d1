using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Merging;

/// <summary>Two residents look alike and are two people: the pair leaves the merge list.</summary>
public sealed record DismissDuplicate([Required] Guid? ResidentId, [Required] Guid? OtherId)
{
    public IEnumerable<DomainEvent> Decide(Enrolment? resident, Enrolment? other)
    {
        if (resident is null || other is null)
            throw new UnknownId();
        return resident.Known().NotTheSameAs.Contains(other.Known().ResidentId) ? [] : [new LikelyDuplicateDismissed(resident.ResidentId, other.ResidentId)];
    }
}

public static class DismissDuplicateEndpoint
{
    public static void MapDismissDuplicate(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/duplicates/dismissal", Handle).WithName(nameof(DismissDuplicate)).WithSummary("Two who look alike are two people")
        .For(Role.Clinic, Role.Commission);

    private static async Task<Decided> Handle(DismissDuplicate command, HttpContext http, Runner runner, Duplicates duplicates, CancellationToken ct)
    {
        var (one, other) = (command.ResidentId!.Value, command.OtherId!.Value);
        if (one == other)
            throw new UnknownId();
        var done = await runner.Execute<Enrolment, Enrolment>(one, other, http.Envelope(), (a, b, _) => (command.Decide(a, b), []), ct);
        await duplicates.TellApart(one, other, ct);
        return new(done);
    }
}
