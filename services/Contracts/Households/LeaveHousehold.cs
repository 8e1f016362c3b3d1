using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Households;

/// <summary>A resident no longer belongs to the household; his contract stays as it is.</summary>
public static class LeaveHousehold
{
    public static IEnumerable<DomainEvent> Decide(Guid householdId, Enrolment? enrolment) =>
        enrolment.Alive().HouseholdId == householdId ? [new HouseholdLeft(householdId)] : [];

    public static void MapLeaveHousehold(this IEndpointRouteBuilder routes) => routes
        .MapPost("/households/{householdId:guid}/members/{residentId:guid}/departure", Handle).WithName(nameof(LeaveHousehold))
        .WithSummary("A resident leaves a household").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid householdId, Guid residentId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, _) => Decide(householdId, enrolment), ct));
}
