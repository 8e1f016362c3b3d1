using System.ComponentModel.DataAnnotations;
using System.Text;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>The visit took place: vitals as coded numbers, what was done as codes, findings as a document.</summary>
public sealed record CompleteVisit(
    [MaxLength(20_000)] string? Findings = null, [MaxLength(50)] IReadOnlyList<Vital>? Vitals = null, [Codes] IReadOnlyList<string>? ActionCodes = null)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        HomeVisit? visit, PractitionerDay? day, Guid? findingsRef)
    {
        if (visit?.Completion is { } known && known.FindingsRef == findingsRef
            && known.Vitals.SequenceEqual(Vitals ?? []) && known.ActionCodes.SequenceEqual(ActionCodes ?? []))
            return ([], [], []); // the same report again; another one is never written over it
        var plan = HomeVisit.Outstanding(visit).Plan;
        return (
            [new VisitCompleted(plan.VisitId, findingsRef, Vitals ?? [], ActionCodes ?? [])],
            PractitionerDay.Free(day, plan.VisitId),
            plan.BedId is { } bedId ? [new BedVisited(bedId, plan.VisitId)] : []);
    }
}

public static class CompleteVisitEndpoint
{
    public static void MapCompleteVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/completion", Handle).WithName(nameof(CompleteVisit)).WithSummary("Record that a home visit took place")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid visitId, CompleteVisit command, HttpContext http, VisitTimes visits, IEventStore store, Documents documents, CancellationToken ct)
    {
        if (command.Vitals?.Any(v => v is null) == true)
            throw new RuleBroken("VALIDATION_FAILED", "A vital sign has a code, a value and a unit.");
        Guid? findingsRef = null;
        if (!string.IsNullOrWhiteSpace(command.Findings))
        {
            var (known, _) = await store.Load<HomeVisit>(visitId, ct);
            findingsRef = Ids.Of(visitId, $"Findings:{command.Findings}");
            await documents.Keep(findingsRef.Value, known?.Plan.ResidentId ?? throw new UnknownId(), "text/plain; charset=utf-8",
                Encoding.UTF8.GetBytes(command.Findings), ct);
        }
        return new(await visits.Execute(visitId, http.Envelope(), (visit, day, _, _) => command.Decide(visit, day, findingsRef), ct));
    }
}
