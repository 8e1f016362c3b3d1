using System.ComponentModel.DataAnnotations;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>The visit took place: vitals as coded numbers, what was done as codes, findings as a document.</summary>
/// <param name="MedsReviewed">What the resident takes was looked through.</param>
/// <param name="NextDue">The day by which somebody should come again.</param>
public sealed record CompleteVisit(
    [MaxLength(20_000)] string? Findings = null, [MaxLength(50)] IReadOnlyList<Vital>? Vitals = null, [Codes] IReadOnlyList<string>? ActionCodes = null,
    bool MedsReviewed = false, DateOnly? NextDue = null)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, Guid? findingsRef, Moment at)
    {
        if (visit?.Completion is { } known && known.FindingsRef == findingsRef && known.MedsReviewed == MedsReviewed && known.NextDue == NextDue
            && known.Vitals.SequenceEqual(Vitals ?? []) && known.ActionCodes.SequenceEqual(ActionCodes ?? []))
            return ([], [], []); // the same report again; another one is never written over it
        var plan = HomeVisit.Outstanding(visit).Plan;
        return (
            [.. EarlyWarning.Of(visit!, bed, Vitals ?? [], at),
                new VisitCompleted(plan.VisitId, findingsRef, Vitals ?? [], ActionCodes ?? [], MedsReviewed, NextDue)],
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
        Whole(command.Vitals);
        var findingsRef = string.IsNullOrWhiteSpace(command.Findings) ? (Guid?)null
            : await Keep(documents, visitId, (await store.Load<HomeVisit>(visitId, ct)).State?.Plan.ResidentId ?? throw new UnknownId(), command.Findings, ct);
        return new(await visits.Execute(visitId, http.Envelope(), (visit, day, bed, at) => command.Decide(visit, day, bed, findingsRef, at), ct));
    }

    internal static void Whole(IReadOnlyList<Vital>? vitals)
    {
        if (vitals?.Any(v => v is null) == true)
            throw new RuleBroken("VALIDATION_FAILED", "A vital sign has a code, a value and a unit.");
    }

    internal static async Task<Guid> Keep(Documents documents, Guid visitId, Guid residentId, string findings, CancellationToken ct)
    {
        var findingsRef = Ids.Of(visitId, $"Findings:{findings}");
        await documents.Keep(findingsRef, residentId, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(findings), ct);
        return findingsRef;
    }
}
