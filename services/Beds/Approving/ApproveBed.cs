using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Approving;

/// <summary>The bed is right for this resident and the institution has one: a doctor of his team takes it on.</summary>
/// <param name="PeriodDays">The city's period unless a shorter one is wanted.</param>
/// <param name="InsurerAuthRef">The insurer's number, where it was asked beforehand.</param>
public sealed record ApproveBed(
    [Required] Guid? GpId, Guid? NurseId = null, [Range(1, 366)] int? PeriodDays = null, [MaxLength(100)] string? InsurerAuthRef = null)
{
    /// <param name="team">The team as it is known here, if it is.</param>
    public BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, TeamFacts? team, Moment at)
    {
        if (!FamilyBed.MayGo(bed, BedStatus.Approved, BedStatus.Assessed, BedStatus.Waitlisted))
            return ([], [], []);
        var terms = Terms(bed!, team, at);
        var seat = BedCapacity.Reserve(capacity, bed!.Id, bed.Assessment!.Barthel);
        if (bed.Stage is BedStatus.Waitlisted)
            throw FamilyBed.Impossible(bed, BedStatus.Assessed); // whoever waits gets a free seat by rank, at once
        return ([new BedApproved(bed.Id, bed.Request.Type, terms.PeriodDays, terms.GpId, terms.NurseId, terms.InsurerAuthRef)], [], seat);
    }

    /// <summary>The terms, when this bed may be approved or waited for at all.</summary>
    public BedTerms Terms(FamilyBed bed, TeamFacts? team, Moment at)
    {
        var assessment = bed.Assessment!;
        if (!assessment.HomeSuitable)
            throw new RuleBroken("HOME_UNSUITABLE", "The home was found unsafe or unsuitable for a family bed.");
        var criteria = FamilyBed.Against(bed.Request.Type, assessment.Barthel, assessment.Caregiver, assessment.Recommendation, assessment).ToList();
        if (team is not null && team.Members.All(m => m.PractitionerId != GpId))
            criteria.Add("gpNotOfTeam");
        if (criteria.Count > 0)
            throw new RuleBroken("BED_NOT_ELIGIBLE", "A family bed is not right here.", new { criteria });
        var days = PeriodDays ?? at.Policy.BedPeriodDays;
        if (days > at.Policy.BedPeriodDays)
            throw new RuleBroken("PERIOD_LIMIT", "The period is longer than the city allows.", new { at.Policy.BedPeriodDays });
        return new(GpId!.Value, NurseId, days, InsurerAuthRef);
    }
}

public static class ApproveBedEndpoint
{
    public static void MapApproveBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/approval", Handle).WithName(nameof(ApproveBed)).WithSummary("Approve a family bed").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, ApproveBed command, HttpContext http, BedSeats seats, IEventStore store, Copies<TeamFacts> teams, Covers covers, TimeProvider clock,
        CancellationToken ct)
    {
        var (known, _) = await store.Load<FamilyBed>(bedId, ct);
        if (known is null)
            throw new UnknownId();
        var team = await covers.With(await teams.Find(known.Request.TeamId, ct), clock.GetUtcNow(), ct);
        return new(await seats.Execute(known.Request, http.Envelope(), (bed, _, capacity, at) => command.Decide(bed, capacity, team, at), ct));
    }
}
