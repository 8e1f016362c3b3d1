using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>Who answers for a bed when its doctor or nurse does not work any more: the team's leader, or another of the team.</summary>
public sealed class StaffOfBeds(Runner runner, IEventStore store, Copies<TeamFacts> teams, WhoWorks works, PolicyBook policies, TimeProvider clock)
{
    /// <param name="leaves">A doctor who gives his beds up, though he works.</param>
    public async Task Replace(Guid bedId, string reason, Envelope cause, CancellationToken ct, Guid? leaves = null)
    {
        if ((await store.Load<FamilyBed>(bedId, ct)).State is not { IsOver: false, Terms: { } terms } bed)
            return;
        var team = await teams.Find(bed.Request.TeamId, ct);
        var gp = terms.GpId == leaves || !await Works(terms.GpId, ct) ? await FirstOf(team, "gp", terms.GpId, ct) : terms.GpId;
        var nurse = terms.NurseId is { } current && !await Works(current, ct) ? await FirstOf(team, "nurse", current, ct) : terms.NurseId;
        await runner.Execute<FamilyBed>(bedId, cause, (now, _) => Decide(now, terms, gp, nurse, reason), ct);
    }

    /// <summary>The leader first.</summary>
    public async Task<Guid?> FirstOf(TeamFacts? team, string role, Guid? but, CancellationToken ct)
    {
        foreach (var member in (team?.Members ?? []).Where(m => m.Role == role && m.PractitionerId != but).OrderBy(m => m.PractitionerId == team!.LeaderId ? 0 : 1))
        {
            if (await Works(member.PractitionerId, ct))
                return member.PractitionerId;
        }
        return null;
    }

    /// <param name="before">What the others were chosen for; somebody else may have been named meanwhile.</param>
    /// <param name="gp">Null while the team has no doctor: the bed stays its own, and the next leader takes it.</param>
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, BedTerms before, Guid? gp, Guid? nurse, string cause)
    {
        if (bed is not { IsOver: false, Terms: { } terms } || terms != before)
            return [];
        var (doctor, second) = (gp ?? terms.GpId, nurse);
        return (doctor, second) == (terms.GpId, terms.NurseId) ? [] : [new BedGpChanged(bed.Id, bed.Request.TeamId, doctor, second, cause)];
    }

    private Task<bool> Works(Guid practitioner, CancellationToken ct) => works.On(practitioner, policies.At(clock.GetUtcNow()).Today, ct);
}
