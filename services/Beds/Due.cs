using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Offering;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

/// <summary>What is decided when something becomes due.</summary>
public static class Due
{
    public static void Decide(Runner runner, IEventStore store, BedSeats seats)
    {
        runner.OnDeadline<BedCapacity>(nameof(GiveFreedSeat), (due, by, ct) => GiveFreedSeat.All(due.StreamId, by, runner, store, ct));
        runner.OnDeadline<FamilyBed>(nameof(WarnOfPeriodEnd), (due, by, ct) => runner.Execute<FamilyBed>(due.StreamId, by, WarnOfPeriodEnd.Decide, ct));
        runner.OnDeadline<FamilyBed>(nameof(CloseOverdueBed), (due, by, ct) =>
            seats.Execute(due.StreamId, by, (bed, _, capacity, at) => CloseOverdueBed.Decide(bed, capacity, at), ct));
        runner.OnDeadline<DischargeBedOffer>(nameof(ExpireDischargeOffer), (due, by, ct) =>
            runner.Execute<DischargeBedOffer>(due.StreamId, by, ExpireDischargeOffer.Decide, ct));
    }
}
