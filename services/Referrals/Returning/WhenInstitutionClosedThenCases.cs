using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>Where an institution's cases go once it is closed.</summary>
public sealed record ClosedInto(Guid SuccessorId);

/// <summary>An institution closed: what is still its own, with or without a team, is the successor's.</summary>
public sealed class WhenInstitutionClosedThenCases(
    Runner runner, Copies<InstitutionFacts> institutions, Copies<ClosedInto> closed, Rows<TeamWorklist> work) : IReaction<InstitutionClosed>
{
    public async Task React(InstitutionClosed message, Envelope cause, CancellationToken ct)
    {
        var institutionId = message.Institution.InstitutionId;
        await institutions.Apply(institutionId, message.StreamVersion, message.Institution, ct);
        await closed.Apply(institutionId, message.StreamVersion, new(message.SuccessorId), ct);
        var to = message.SuccessorId;
        for (var hops = 0; hops < 20 && await closed.Find(to, ct) is { } next; hops++)
            to = next.SuccessorId; // it has closed meanwhile too
        var district = (await institutions.Find(to, ct))?.DistrictCode ?? message.Institution.DistrictCode;
        await work.UntilNow(ct);
        foreach (var row in await work.Where("institution_id = $1 order by id", ct, institutionId))
        {
            if (row.TeamId is { } team)
                await new NewOwner(team, to, district).Take((row.Kind, row.Id), runner, cause, ct);
            else
                await runner.Execute<DownReferral>(row.Id, cause, (down, _) => Decide(down, institutionId, to, district), ct);
        }
    }

    public static IEnumerable<DomainEvent> Decide(DownReferral? down, Guid from, Guid to, string district) =>
        down is { Status: not DownReferralStatus.Closed } && down.InstitutionId == from
            ? [new DownReferralRehomed(down.Proposal.DownReferralId, from, to, district)]
            : [];
}
