using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Fulfilling;

/// <summary>A stable chronic patient of the team gets medicine for some weeks at once.</summary>
/// <param name="ConditionCode">The priority group of the chronic disease.</param>
public sealed record IssueLongPrescription([Required, Range(1, 52)] int? Weeks, [Required, MaxLength(40)] string? ConditionCode)
{
    private static readonly string[] Chronic = ["hypertension", "diabetesT2", "copd", "severeMentalDisorder"];

    public IEnumerable<DomainEvent> Decide(Guid contractId, Enrolment? enrolment, Moment at)
    {
        var contract = enrolment.Alive().Current(contractId);
        var (least, most) = (at.Policy.LongPrescriptionMinWeeks, at.Policy.LongPrescriptionMaxWeeks);
        if (!Chronic.Contains(ConditionCode) || !enrolment.IsIn(ConditionCode!) || Weeks < least || Weeks > most)
            throw new RuleBroken("PRESCRIPTION_NOT_ALLOWED", "Long prescriptions are for known chronic conditions, and for some weeks.",
                new { conditions = Chronic.Where(enrolment.IsIn), least, most });
        return [new LongPrescriptionIssued(contract.Id, Weeks!.Value, ConditionCode!)];
    }
}

public static class IssueLongPrescriptionEndpoint
{
    public static void MapIssueLongPrescription(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/long-prescriptions", Handle).WithName(nameof(IssueLongPrescription))
        .WithSummary("Issue a long prescription").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid contractId, IssueLongPrescription command, HttpContext http, Runner runner, Seats seats, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, at) => command.Decide(contractId, enrolment, at), ct) with
        { Id = contractId });
}
