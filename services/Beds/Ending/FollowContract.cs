using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Ending;

/// <summary>
/// The bed follows the resident's newest contract: when it ends, a request is taken back and an open bed gets a care
/// bridge of some days; when the resident signs again in that time, the bed stays.
/// </summary>
public static class FollowContract
{
    public static BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, CareContract contract, Moment at)
    {
        if (bed?.Request.ContractId is null)
            return ([], [], []); // this bed rests on an offer at discharge, not on a contract
        if (contract.IsCurrent)
            return ([.. Stays(bed), .. GoesAlong(bed, contract)], [], []);
        if (contract.Since < bed.Request.RequestedAt)
            return ([], [], []); // an earlier contract ended; the bed rests on a later one that is not known here yet
        var died = contract.EndReason is "Died";
        if (bed.IsNotOpenYet)
            return bed.Cancel(capacity, "service", died ? "died" : "contractEnded", at);
        if (bed.IsInCare && died)
            return bed.End(capacity, CloseReason.Died, at);
        if (!bed.IsInCare || bed.Closing is not null)
            return ([], [], []);
        var closeBy = at.Today.AddDays(at.Policy.TerminationCareBridgeDays);
        var cause = contract.Facts.Status is "Expired" ? "contractExpired" : "contractTerminated";
        return ([new BedClosureDue(bed.Id, cause, closeBy, at.EndOf(closeBy))], [], []);
    }

    private static IEnumerable<DomainEvent> Stays(FamilyBed bed) => bed.Closing is null ? [] : [new BedClosureCancelled(bed.Id)];

    /// <summary>The contract is another team's by now, so the bed is too, and its leader answers for it.</summary>
    private static IEnumerable<DomainEvent> GoesAlong(FamilyBed bed, CareContract contract) =>
        bed.IsOver || bed.Request.TeamId == contract.Facts.TeamId
            ? []
            : [new BedGpChanged(bed.Id, contract.Facts.TeamId, contract.Facts.GpId, null, "contractTransferred")];
}
