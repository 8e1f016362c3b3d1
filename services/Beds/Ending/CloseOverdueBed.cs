using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Ending;

/// <summary>Nobody acted in time: the period is over, the pause lasted too long, or the care bridge after a contract's end is.</summary>
public static class CloseOverdueBed
{
    public static BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, Moment at) =>
        bed?.ClosesByItself is { } end && end.At <= at.Now ? bed.End(capacity, end.Reason, at) : ([], [], []);
}
