using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Referrals;

namespace FamilyDoctor.Contracts.Linking;

/// <summary>A hospital takes a referred patient, or a period of a family bed begins: the insurer is asked for its share.</summary>
public sealed class WhenAuthorisationIsDue(Runner runner) : IReaction<ReferralAuthorised>, IReaction<BedAuthorisationRequested>
{
    public Task React(ReferralAuthorised message, Envelope cause, CancellationToken ct)
    {
        var r = message.Referral;
        return Open(new(LinkedCase.IdOf(LinkedCaseKind.Referral, message.EventId), LinkedCaseKind.Referral, r.ReferralId, message.StreamVersion, r.ResidentId,
            r.ContractId, r.Number, r.HospitalId, r.Service, null, message.ValidTo), cause, ct);
    }

    public Task React(BedAuthorisationRequested message, Envelope cause, CancellationToken ct)
    {
        var b = message.Bed;
        return Open(new(LinkedCase.IdOf(LinkedCaseKind.Bed, message.EventId), LinkedCaseKind.Bed, b.BedId, message.StreamVersion, b.ResidentId, b.ContractId,
            b.Number, b.InstitutionId, b.Type, message.From, b.PlannedEndOn), cause, ct);
    }

    /// <summary>Told twice, it is asked once.</summary>
    public static IEnumerable<DomainEvent> Decide(LinkedCase? linked, LinkedCaseOpened opened) => linked is null ? [opened] : [];

    private Task Open(LinkedCaseOpened opened, Envelope cause, CancellationToken ct) =>
        runner.Execute<LinkedCase>(opened.CaseId, cause, (linked, _) => Decide(linked, opened), ct);
}
