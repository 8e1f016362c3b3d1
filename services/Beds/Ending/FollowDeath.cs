using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Ending;

/// <summary>
/// When the resident has died his bed ends, whatever it rests on. A death told in error opens the bed again that it
/// closed, if that was not long ago and a seat is free; otherwise the resident asks anew.
/// </summary>
public static class FollowDeath
{
    public static BedEvents Decide(FamilyBed? bed, ResidentBeds? resident, BedCapacity? capacity, KnownDeath death, Moment at)
    {
        if (bed is null)
            return ([], [], []);
        if (death.IsDead)
        {
            return bed.IsNotOpenYet ? bed.Cancel(capacity, "service", "died", at)
                : bed.IsInCare ? bed.End(capacity, CloseReason.Died, at)
                : ([], [], []);
        }
        if (bed.Closed is not { Reason: CloseReason.Died } closed || resident?.Current is not null || capacity is null)
            return ([], [], []);
        var open = BedCapacity.Open(capacity);
        return at.Now > closed.ClosedAt.AddDays(at.Policy.DeathReversalDays) || open.Free <= 0
            ? ([], [], [])
            : ([new BedReopened(bed.Id, at.Now)], [new ResidentBedTaken(bed.Request.ResidentId, bed.Id)],
                [new BedSeatReserved(open.InstitutionId, bed.Id)]);
    }
}
