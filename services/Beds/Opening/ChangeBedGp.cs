using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Opening;

/// <summary>Another doctor answers for a bed: one of its team, or whoever has this care delegated to him.</summary>
/// <param name="NurseId">The nurse stays unless another one is named.</param>
/// <param name="DelegationRef">Where the delegation is kept, for a doctor of another team.</param>
public sealed record ChangeBedGp(
    [Required] Guid? GpId, [Required, MaxLength(100)] string? Cause, Guid? NurseId = null, [MaxLength(100)] string? DelegationRef = null)
{
    /// <param name="team">The team as it is known here, if it is.</param>
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed, TeamFacts? team)
    {
        var cared = FamilyBed.At(bed, BedStatus.Open, BedStatus.Paused, BedStatus.Approved, BedStatus.Waitlisted);
        var (terms, nurse) = (cared.Terms!, NurseId ?? cared.Terms!.NurseId);
        if (terms.GpId == GpId && terms.NurseId == nurse)
            return []; // they care already
        if (DelegationRef is null && team is not null && team.Members.All(m => m.PractitionerId != GpId))
            throw new RuleBroken("BED_NOT_ELIGIBLE", "The doctor is not of the bed's team and has no delegation.", new { criteria = new[] { "gpNotOfTeam" } });
        return [new BedGpChanged(cared.Id, cared.Request.TeamId, GpId, nurse, Cause!, DelegationRef)];
    }
}

public static class ChangeBedGpEndpoint
{
    public static void MapChangeBedGp(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/doctor", Handle).WithName(nameof(ChangeBedGp)).WithSummary("Name another responsible doctor for a family bed")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, ChangeBedGp command, HttpContext http, Runner runner, IEventStore store, Copies<TeamFacts> teams, CancellationToken ct)
    {
        var (known, _) = await store.Load<FamilyBed>(bedId, ct);
        var team = await teams.Find(known?.Request.TeamId ?? throw new UnknownId(), ct);
        return new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), (bed, _) => command.Decide(bed, team), ct));
    }
}
