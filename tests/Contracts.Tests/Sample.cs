using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Tests;

/// <summary>A sample resident and team, and what happened to them.</summary>
internal static class Sample
{
    public static readonly Guid Resident = new("00000000-0000-7000-8000-000000000001");
    public static readonly Guid Team = new("00000000-0000-7000-8000-000000000002");
    public static readonly Guid Institution = new("00000000-0000-7000-8000-000000000003");
    public static readonly Guid Gp = new("00000000-0000-7000-8000-000000000004");
    public static readonly Guid ContractId = new("00000000-0000-7000-8000-000000000005");
    public static readonly Guid NewContract = new("00000000-0000-7000-8000-000000000006");

    public static readonly PackageCatalogue Catalogue = PackageCatalogue.Sample;
    public static readonly ResidentRegistered Registered = new(Resident, "330203", "adult");
    public static readonly ResidentRegistered RegisteredMinor = new(Resident, "330203", "minor");
    public static readonly EligibilityVerified Eligible = new(EligibilityBasis.HouseholdRegistration, "register", new(2010, 1, 1));
    public static readonly PanelOpened Panel = new(Team, Institution, "330203", 2024, 2, true, Gp, 3, 0, 0);
    public static readonly PanelSeatReserved Reserved = new(Team, ContractId);
    public static readonly PanelSeatConfirmed Confirmed = new(Team, ContractId);

    /// <summary>2024-03-01 09:00 in Ningbo.</summary>
    public static readonly DateTimeOffset Morning = DateTimeOffset.Parse("2024-03-01T01:00:00Z");
    public static readonly ContractApplied Applied =
        new(ContractId, Resident, Team, Institution, 12, ["basic"], ContractId, Morning.AddDays(14), []);
    public static readonly ContractSigned Signed = new(ContractId, Resident, Team, Gp, new(2024, 3, 1), new(2025, 2, 28),
        DateTimeOffset.Parse("2025-02-28T16:00:00Z"), new("inPerson", ""), null, DateTimeOffset.Parse("2024-11-30T01:00:00Z"));
    public static readonly ContractGraceStarted Grace = new(ContractId, new(2025, 3, 30), DateTimeOffset.Parse("2025-03-30T16:00:00Z"));
    public static readonly ContractExpired Expired = new(ContractId, new(2025, 2, 28));

    public static readonly DomainEvent[] ASignedResident = [Registered, Eligible, Applied, Signed];
    public static readonly DomainEvent[] APanelWithHim = [Panel, Reserved, Confirmed];
}
