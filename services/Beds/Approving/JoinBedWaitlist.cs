using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Approving;

/// <summary>All beds are taken, so this one is waited for: most dependent first, then longest waiting. A free seat approves at once.</summary>
public sealed record JoinBedWaitlist(
    [Required] Guid? GpId, Guid? NurseId = null, [Range(1, 366)] int? PeriodDays = null, [MaxLength(100)] string? InsurerAuthRef = null)
{
    public BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, TeamFacts? team, Moment at)
    {
        if (!FamilyBed.MayGo(bed, BedStatus.Waitlisted, BedStatus.Assessed))
            return ([], [], []);
        var approve = new ApproveBed(GpId, NurseId, PeriodDays, InsurerAuthRef);
        if (capacity is null or { Free: > 0 })
            return approve.Decide(bed, capacity, team, at);
        var (open, terms, barthel) = (BedCapacity.Open(capacity), approve.Terms(bed!, team, at), bed!.Assessment!.Barthel);
        return (
            [new BedWaitlisted(bed.Id, open.RankOf(barthel), terms.GpId, terms.NurseId, terms.PeriodDays, terms.InsurerAuthRef)], [],
            [new BedWaitlistJoined(open.InstitutionId, new(bed.Id, barthel, at.Now))]);
    }
}

public static class JoinBedWaitlistEndpoint
{
    public static void MapJoinBedWaitlist(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/waiting", Handle).WithName(nameof(JoinBedWaitlist)).WithSummary("Wait for a free family bed").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, JoinBedWaitlist command, HttpContext http, BedSeats seats, IEventStore store, Copies<TeamFacts> teams, Covers covers, TimeProvider clock,
        CancellationToken ct)
    {
        var (known, _) = await store.Load<FamilyBed>(bedId, ct);
        if (known is null)
            throw new UnknownId();
        var team = await covers.With(await teams.Find(known.Request.TeamId, ct), clock.GetUtcNow(), ct);
        return new(await seats.Execute(known.Request, http.Envelope(), (bed, _, capacity, at) => command.Decide(bed, capacity, team, at), ct));
    }
}
