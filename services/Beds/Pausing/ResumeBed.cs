using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Pausing;

/// <summary>The resident is home again and care goes on.</summary>
public static class ResumeBed
{
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, Moment at) =>
        FamilyBed.MayGo(bed, BedStatus.Open, BedStatus.Paused)
            ? [new BedResumed(bed!.Id, at.Now, at.Today.DayNumber - bed.Pause!.PausedOn.DayNumber)]
            : [];

    public static void MapResumeBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/resumption", Handle).WithName(nameof(ResumeBed)).WithSummary("Resume a paused family bed").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid bedId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), Decide, ct));
}
