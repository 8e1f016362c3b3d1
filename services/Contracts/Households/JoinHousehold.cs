using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Households;

/// <summary>A resident belongs to a household; its representative may apply for all of them. Each keeps a contract of his own.</summary>
public sealed record JoinHousehold([Required] Guid? ResidentId, bool IsRepresentative = false)
{
    public IEnumerable<DomainEvent> Decide(Guid householdId, Enrolment? enrolment)
    {
        if (IsRepresentative && enrolment.Alive().NeedsGuardian)
            throw new RuleBroken("GUARDIAN_REQUIRED", "Who cannot sign for himself cannot sign for others.");
        if (enrolment.Alive().HouseholdId == householdId && enrolment.IsRepresentative == IsRepresentative)
            return [];
        return enrolment.HouseholdId is { } before && before != householdId
            ? [new HouseholdLeft(before), new HouseholdJoined(householdId, IsRepresentative)]
            : [new HouseholdJoined(householdId, IsRepresentative)];
    }
}

public static class JoinHouseholdEndpoint
{
    public static void MapJoinHousehold(this IEndpointRouteBuilder routes) => routes
        .MapPost("/households/{householdId:guid}/members", Handle).WithName(nameof(JoinHousehold)).WithSummary("Add a resident to a household")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid householdId, JoinHousehold command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(command.ResidentId!.Value, http.Envelope(), (enrolment, _) => command.Decide(householdId, enrolment), ct));
}
