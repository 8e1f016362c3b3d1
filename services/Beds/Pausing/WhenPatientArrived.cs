using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Pausing;

/// <summary>A hospital admitted the resident: his open bed is paused, or ends when it was paused for too long before.</summary>
public sealed class WhenPatientArrived(
    BedSeats seats, CareContracts contracts, IEventStore store, Copies<KnownDischarge> discharges, WhenOutcomeReturned home) : IReaction<PatientArrived>
{
    public async Task React(PatientArrived message, Envelope cause, CancellationToken ct)
    {
        if (!message.Admitted)
            return;
        var (resident, _) = await store.Load<ResidentBeds>(ResidentBeds.StreamOf(message.Referral.ResidentId), ct);
        if (resident?.Current is not { } bedId)
            return;
        var referralId = message.Referral.ReferralId;
        await seats.Execute(bedId, cause with { OccurredAt = await contracts.NotBefore(bedId, message.OccurredAt, ct) },
            (bed, _, capacity, at) => Decide(bed, capacity, referralId, message.OccurredAt, at), ct);
        if (await discharges.Find(referralId, ct) is { } discharge)
            await home.Home(bedId, referralId, discharge.At, cause, ct); // that had been told first
    }

    public static BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, Guid referralId, DateTimeOffset arrivedAt, Moment at)
    {
        if (bed is not { Stage: BedStatus.Open } || arrivedAt < bed.HomeSince)
            return ([], [], []); // told twice or late: he has been home since
        return bed.Period!.PausedDays < at.Policy.BedPauseMaxDays
            ? (new PauseBed(referralId).Decide(bed, at), [], [])
            : bed.End(capacity, CloseReason.Transferred, at);
    }
}
