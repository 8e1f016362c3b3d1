using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <param name="Group">A code of <see cref="PriorityGroups.Codes"/>.</param>
/// <param name="Evidence">birthDate, condition, register, certificate, notification or list.</param>
public sealed record GroupEvidence(
    [Required, MaxLength(40)] string? Group, [Required, MaxLength(40)] string? Evidence, DateOnly? From = null)
{
    internal PriorityGroupAssigned Assigned(Moment at) => PriorityGroups.Codes.Contains(Group!)
        ? new(Group!, Evidence!, From ?? at.Today)
        : throw new RuleBroken("GROUP_UNKNOWN", $"'{Group}' is not a priority group.", new { allowed = PriorityGroups.Codes });
}

public static class PriorityGroups
{
    public static IReadOnlyList<string> Codes { get; } =
    [
        "elderly", "child0to6", "pregnantPostpartum", "hypertension", "diabetesT2", "copd", "tumour", "tuberculosis", "severeMentalDisorder",
        "disabled", "lowIncome", "familyPlanningSpecial", "honouredVeteran",
    ];
}

/// <summary>A resident belongs to a priority group, with evidence; from then on its services are due to him.</summary>
public static class AssignPriorityGroup
{
    public static IEnumerable<DomainEvent> Decide(GroupEvidence group, Enrolment? enrolment, Moment at) => enrolment switch
    {
        null => throw new UnknownId(),
        _ when enrolment.PriorityGroups.Contains(group.Group!) => [],
        _ => [group.Assigned(at)],
    };

    public static void MapAssignPriorityGroup(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/priority-groups", Handle).WithName(nameof(AssignPriorityGroup))
        .WithSummary("Assign a priority group").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid residentId, GroupEvidence command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, at) => Decide(command, enrolment, at), ct));
}
