using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Opening;

/// <summary>Doctor and nurse come more often or more seldom from now on, or for another goal; visits planned already stay.</summary>
public sealed record ReviseCarePlan(
    [Required, Range(1, 60)] int? DoctorEveryDays, [Required, Range(1, 60)] int? NurseEveryDays, [Codes] IReadOnlyList<string>? Goals = null)
{
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed)
    {
        var open = FamilyBed.At(bed, BedStatus.Open, BedStatus.Paused);
        var (plan, goals) = (open.Plan!, Goals ?? []);
        return plan.DoctorEveryDays == DoctorEveryDays && plan.NurseEveryDays == NurseEveryDays && goals.SequenceEqual(plan.Goals ?? [])
            ? []
            : [new CarePlanRevised(open.Id, plan.Version + 1, DoctorEveryDays!.Value, NurseEveryDays!.Value, goals)];
    }
}

public static class ReviseCarePlanEndpoint
{
    public static void MapReviseCarePlan(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/care-plan", Handle).WithName(nameof(ReviseCarePlan)).WithSummary("Revise the care plan of a family bed")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid bedId, ReviseCarePlan command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), (bed, _) => command.Decide(bed), ct));
}
