using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Pausing;

/// <summary>The resident is in hospital: care at home rests, for two weeks of a period at most.</summary>
public sealed record PauseBed(Guid? ReferralId = null)
{
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed, Moment at)
    {
        if (!FamilyBed.MayGo(bed, BedStatus.Paused, BedStatus.Open))
            return [];
        var left = at.Policy.BedPauseMaxDays - bed!.Period!.PausedDays;
        if (left <= 0)
            throw new RuleBroken("PAUSE_LIMIT", "This bed has been paused for as long as a period allows.", new { at.Policy.BedPauseMaxDays });
        return [new BedPaused(bed.Id, "admitted", ReferralId, at.Today, at.EndOf(at.Today.AddDays(left)))];
    }
}

public static class PauseBedEndpoint
{
    public static void MapPauseBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/pause", Handle).WithName(nameof(PauseBed)).WithSummary("Pause a family bed while the resident is in hospital")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid bedId, PauseBed command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), command.Decide, ct));
}
