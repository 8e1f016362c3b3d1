using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A consultation ended with "to hospital": the team finds the referral begun, with what is known, and completes it.</summary>
public sealed class WhenAppointmentFulfilled(Runner runner, Copies<KnownContract> contracts, Copies<KnownDeath> deaths, TimeProvider clock)
    : IReaction<AppointmentFulfilled>
{
    private static readonly TimeSpan IsPast = TimeSpan.FromDays(7);

    public async Task React(AppointmentFulfilled message, Envelope cause, CancellationToken ct)
    {
        var residentId = message.Appointment.ResidentId;
        if (!message.Outcome.Equals("referral", StringComparison.OrdinalIgnoreCase) || message.OccurredAt < clock.GetUtcNow() - IsPast
            || await deaths.Find(residentId, ct) is { IsDead: true })
            return;
        var contract = await contracts.Find(residentId, ct);
        var referralId = Ids.Of(message.EventId, nameof(WhenAppointmentFulfilled)); // the same message always makes the same draft
        await runner.Execute<Referral>(referralId, cause, (referral, at) => Decide(referralId, referral, message.Appointment, contract, at), ct);
    }

    /// <param name="contract">As it is known here: when the resident has another team by now, the draft is that one's; when he has none, there is nobody to complete it.</param>
    public static IEnumerable<DomainEvent> Decide(Guid id, Referral? referral, AppointmentFacts appointment, KnownContract? contract, Moment at)
    {
        if (referral is not null || contract is { Facts.Status: not ("Active" or "InGrace" or "AwaitingReassignment") })
            return [];
        var lapsesAt = at.Now.AddDays(at.Policy.ReferralAuthorisationDays);
        return [contract is { Facts: var c }
            ? new ReferralPrefilled(id, appointment.AppointmentId, c.ResidentId, c.ContractId, contract.Version, c.TeamId, c.InstitutionId, c.DistrictCode, lapsesAt)
            : new ReferralPrefilled(id, appointment.AppointmentId, appointment.ResidentId, appointment.ContractId, 0, appointment.TeamId,
                appointment.InstitutionId, appointment.DistrictCode, lapsesAt)];
    }
}
