using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Beds.Covering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Somebody of the team will visit a resident at home: for his family bed, or as a house call.</summary>
/// <param name="BedId">Of a bed visit; a house call names the resident instead.</param>
/// <param name="Role">doctor, nurse or another role of the city's teams.</param>
public sealed record PlanVisit(
    Guid? Id, Guid? BedId, Guid? ResidentId, [Required] Guid? PractitionerId, [Required, MaxLength(40)] string? Role,
    [Required] DateTimeOffset? From, [Required] DateTimeOffset? To)
{
    /// <param name="bed">The bed of a bed visit.</param>
    /// <param name="right">Of a house call: from the contract as it is known here.</param>
    /// <param name="standsIn">Who makes it, when the practitioner is away at that time; the day is his then.</param>
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        Guid id, HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, CareRight? right, Moment at, Guid? standsIn = null)
    {
        if (visit is not null)
            return ([], [], []); // planning twice is planning once
        var (from, to, date) = HomeVisit.Window(From!.Value, To!.Value, at);
        if (BedId is not null)
            right = FamilyBed.Visitable(bed, date, at);
        else if (right is null)
            throw new RuleBroken("CONTRACT_NOT_ACTIVE", "The resident has no active contract with a family doctor team.");
        return (
            [new VisitPlanned(id, BedId, right.ResidentId, right.TeamId, right.InstitutionId, right.DistrictCode, Role!, from, to),
                new VisitAssigned(id, PractitionerId!.Value),
                .. standsIn is null ? Array.Empty<DomainEvent>() : [new VisitHandedOver(id, standsIn, PractitionerId.Value)]],
            PractitionerDay.Take(day, new(standsIn ?? PractitionerId.Value, date, id, from, to)), []);
    }
}

public static class PlanVisitEndpoint
{
    public static void MapPlanVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits", Handle).WithName(nameof(PlanVisit)).WithSummary("Plan a home visit").For(EventSourcing.Role.Clinic).OnlyNames("practitionerId");

    private static async Task<Decided> Handle(
        PlanVisit command, HttpContext http, Runner runner, PolicyBook policies, CareContracts contracts, HandVisitsOver handing, IdSource ids,
        CancellationToken ct)
    {
        if (command.BedId is null == command.ResidentId is null)
            throw new RuleBroken("VALIDATION_FAILED", "Name either the bed or the resident of a house call.");
        var (id, from, envelope) = (command.Id ?? ids.Next(), command.From!.Value, http.Envelope());
        var practitioner = command.PractitionerId!.Value;
        var standsIn = await handing.Standing(practitioner, from, ct) is { } cover && cover != practitioner ? cover : (Guid?)null;
        var day = PractitionerDay.StreamOf(standsIn ?? practitioner, policies.At(from).DateOf(from));
        var done = command.BedId is { } bedId
            ? await runner.Execute<HomeVisit, PractitionerDay, FamilyBed>(id, day, bedId, envelope,
                (visit, time, bed, at) => command.Decide(id, visit, time, bed, null, at, standsIn), ct)
            : await PlanHouseCall((await contracts.Find(command.ResidentId!.Value, ct))?.Right);
        await handing.Take(id, envelope with { ExpectedVersion = null, Idempotency = null }, ct); // news of an absence may have come in meanwhile
        return new(done, $"/visits/{done.Id}");

        Task<Done> PlanHouseCall(CareRight? right) => runner.Execute<HomeVisit, PractitionerDay>(id, day, envelope, (visit, time, at) =>
        {
            var (planned, taken, _) = command.Decide(id, visit, time, null, right, at, standsIn);
            return (planned, taken);
        }, ct);
    }
}
