using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals;

/// <summary>What is under way about a resident: by his own lists, and by the team's for what these do not know.</summary>
public sealed class CasesOfResident(IEventStore store, Rows<TeamWorklist> work)
{
    public async Task<IReadOnlyList<(CaseKind Kind, Guid Id)>> Of(Guid residentId, CancellationToken ct)
    {
        await work.UntilNow(ct);
        var (referrals, _) = await store.Load<ResidentReferrals>(ResidentReferrals.StreamOf(residentId), ct);
        var (exams, _) = await store.Load<ResidentExams>(ResidentExams.StreamOf(residentId), ct);
        var known = await work.Where("resident_id = $1", ct, residentId);
        return [.. (referrals?.Open.Keys ?? []).Select(id => (CaseKind.Referral, id)).Concat((exams?.Exams.Keys ?? []).Select(id => (CaseKind.Exam, id)))
            .Concat(known.Select(row => (row.Kind, row.Id))).Distinct()];
    }
}
