using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Tests;

/// <summary>A sample resident with a family bed, and what happened to them.</summary>
internal static class Sample
{
    public static readonly Guid Bed = new("00000000-0000-7000-8000-000000000001");
    public static readonly Guid OtherBed = new("00000000-0000-7000-8000-000000000002");
    public static readonly Guid Resident = new("00000000-0000-7000-8000-000000000003");
    public static readonly Guid Team = new("00000000-0000-7000-8000-000000000004");
    public static readonly Guid Institution = new("00000000-0000-7000-8000-000000000005");
    public static readonly Guid Gp = new("00000000-0000-7000-8000-000000000006");
    public static readonly Guid ContractId = new("00000000-0000-7000-8000-000000000007");
    public static readonly Guid Referral = new("00000000-0000-7000-8000-000000000008");
    public static readonly Guid Visit = new("00000000-0000-7000-8000-000000000009");
    public static readonly Guid Nurse = new("00000000-0000-7000-8000-00000000000a");
    public static readonly Guid Offer = new("00000000-0000-7000-8000-00000000000b");
    public static readonly Guid DownReferral = new("00000000-0000-7000-8000-00000000000c");

    /// <summary>An instant of Ningbo's own time.</summary>
    public static DateTimeOffset On(string local) => Testing.Spec.At(local).Now;

    public static readonly CareRight Right = new(ContractId, 5, Resident, Team, Institution, "330203");
    public static readonly ContractFacts Contract = new(ContractId, Resident, Team, Institution, "330203", Gp, new(2024, 1, 1), new(2024, 1, 1), new(2024, 12, 31),
        "Active", []);
    public static readonly TeamFacts TeamOfGp = new(Team, Institution, "330203", "样例团队", "Sample team", "Active", Gp, [new(Gp, "gp", 1)], 2000);

    public static readonly BedRequested Requested = RequestedAs(BedType.Rehabilitative);
    public static readonly BedAssessed Assessed = new(Bed, 40, 15, "medium", true, true, "familyBed");
    public static readonly BedApproved Approved = new(Bed, BedType.Rehabilitative, 60, Gp, null);
    /// <summary>Opened on 5 March for 60 days: ends on 4 May, announced from 27 April.</summary>
    public static readonly BedOpened Opened = new(Bed, new(2024, 3, 5), On("2024-03-05 10:00"), new(2024, 5, 4), On("2024-04-27 00:00"), On("2024-05-05 00:00"),
        new(14, 7), "consent-1");
    public static readonly BedPeriodEndingSoon Warned = new(Bed, new(2024, 5, 4));
    public static readonly BedPaused Paused = new(Bed, "admitted", Referral, new(2024, 3, 10), On("2024-03-25 00:00"));
    public static readonly BedResumed Resumed = new(Bed, On("2024-03-24 10:00"), 14);
    public static readonly BedClosureDue ClosureDue = new(Bed, "contractTerminated", new(2024, 3, 27), On("2024-03-28 00:00"));
    public static readonly ResidentBedTaken Taken = new(Resident, Bed);
    public static readonly ResidentBedFreed Freed = new(Resident, Bed);
    public static readonly BedSeatReserved Seat = new(Institution, Bed);

    public static readonly DomainEvent[] ARequest = [Requested];
    public static readonly DomainEvent[] AnAssessedBed = [Requested, Assessed];
    public static readonly DomainEvent[] AnApprovedBed = [Requested, Assessed, Approved];
    public static readonly DomainEvent[] AnOpenBed = [Requested, Assessed, Approved, Opened];
    public static readonly DomainEvent[] APausedBed = [.. AnOpenBed, Paused];
    public static readonly DomainEvent[] ABedToBeClosed = [.. AnOpenBed, ClosureDue];
    public static readonly DomainEvent[] AClosedBed = [.. AnOpenBed, Closed(CloseReason.Recovered, "2024-04-01 12:00", 27)];

    public static BedRequested RequestedAs(BedType type) => new(
        Bed, Resident, ContractId, 5, Team, Institution, "330203", BedOrigin.Team, type, ["I63.9"], On("2024-03-01 09:00"));

    public static BedClosed Closed(CloseReason reason, string at, int days, int visits = 0) =>
        new(Bed, reason, Testing.Spec.At(at).Today, On(at), days, visits, null);

    public static BedSeatReleased Released(string at) => new(Institution, Bed, On(at));

    /// <summary>An institution with so many beds, of which some are taken by others.</summary>
    public static DomainEvent[] Capacity(int approved, int taken = 0) =>
        [new BedCapacityOpened(Institution, "330203", 2024, approved, taken, On("2024-01-01 00:00"), [])];
}
