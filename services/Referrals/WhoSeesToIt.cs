using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals;

/// <summary>
/// Who sees to what waits for a team: its leading family doctor, or while he is away whoever stands in for him; when he
/// has left or may not work, another family doctor of the team.
/// </summary>
public sealed class WhoSeesToIt(Copies<TeamFacts> teams, Covers covers, WhoWorks works, PolicyBook policies, TimeProvider clock, IEventStore store)
{
    /// <param name="Responsible">Whose task it is; null while the team is not known here.</param>
    /// <param name="Owner">Who does it now, never somebody absent; null while nobody can.</param>
    public sealed record Found(Guid? Responsible, Guid? Owner)
    {
        public Guid? OnBehalfOf => Owner != Responsible ? Responsible : null;
    }

    public async Task<Found> Of(Guid teamId, CancellationToken ct)
    {
        if (await teams.Find(teamId, ct) is not { } team)
            return new(null, null);
        var now = clock.GetUtcNow();
        var today = policies.At(now).Today;
        var doctors = team.Members.Where(m => m.Role is "gp").Select(m => m.PractitionerId).Where(d => d != team.LeaderId);
        foreach (var doctor in team.LeaderId is { } leader ? doctors.Prepend(leader) : doctors)
        {
            if (await works.On(doctor, today, ct))
                return new(doctor, await covers.Standing(doctor, now, ct) is { } owner && await works.On(owner, today, ct) ? owner : null);
        }
        return new(team.LeaderId, null);
    }

    /// <summary>The envelope says for whom somebody acts: whoever stands in, or a desk that does not say who sits at it.</summary>
    public async Task<Envelope> Acting(Envelope envelope, Guid teamId, CancellationToken ct)
    {
        var (by, who) = (envelope.Actor, await Of(teamId, ct));
        var isForHim = by.Role is not Role.Hospital && (!Guid.TryParse(by.Id, out var practitioner) || practitioner == who.Owner);
        return isForHim && who.OnBehalfOf is { } absent ? envelope with { Actor = by with { OnBehalfOf = absent.ToString() } } : envelope;
    }

    public async Task<Envelope> OnReferral(Guid referralId, Envelope envelope, CancellationToken ct) =>
        (await store.Load<Referral>(referralId, ct)).State is { } referral ? await Acting(envelope, referral.Draft.TeamId, ct) : envelope;

    public async Task<Envelope> OnDownReferral(Guid downReferralId, Envelope envelope, CancellationToken ct) =>
        (await store.Load<DownReferral>(downReferralId, ct)).State is { TeamId: { } team } ? await Acting(envelope, team, ct) : envelope;

    public async Task<Envelope> OnExam(Guid examId, Envelope envelope, CancellationToken ct) =>
        (await store.Load<Exam>(examId, ct)).State is { } exam ? await Acting(envelope, exam.Request.TeamId, ct) : envelope;
}
