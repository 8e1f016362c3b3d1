using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Tests;

/// <summary>A sample institution, team and its people, and what happened to them.</summary>
internal static class Sample
{
    public static readonly Guid Clinic = Id(1), TeamId = Id(2), Gp = Id(3), Nurse = Id(4), SecondGp = Id(5), OtherTeam = Id(6), StudioId = Id(7);

    public static readonly InstitutionRegistered Registered = new(Clinic, "样例社区卫生服务中心", "Sample clinic", "330203", "1 Sample Road", 29.87, 121.55,
        [new(Weekday.Monday, new(8, 0), new(17, 0))]);
    public static readonly InstitutionActivated Opened = new(Clinic);
    public static readonly DomainEvent[] AnActiveInstitution = [Registered, Opened];

    public static readonly PractitionerRegistered Doctor = new(Gp, "doctor", Clinic, "330203", ["general practice"], null, null);
    public static readonly PractitionerRegistered SecondDoctor = Doctor with { PractitionerId = SecondGp };
    /// <summary>Licensed to the end of June 2024, which ends at 16:00 UTC.</summary>
    public static readonly PractitionerRegistered ANurse =
        new(Nurse, "nurse", Clinic, "330203", [], new(2024, 6, 30), DateTimeOffset.Parse("2024-06-30T16:00:00Z"));

    public static readonly DateOnly Today = new(2024, 3, 1);
    public static readonly TeamFormed Formed = new(TeamId, Clinic, "330203", "样例团队", "Sample team");
    public static readonly TeamMemberJoined DoctorJoined = new(TeamId, Gp, "gp", 1m, Today);
    public static readonly TeamMemberJoined SecondDoctorJoined = new(TeamId, SecondGp, "gp", 0.5m, Today);
    public static readonly TeamMemberJoined NurseJoined = new(TeamId, Nurse, "nurse", 0.5m, Today);
    public static readonly TeamLeadChanged Led = new(TeamId, null, Gp, Today);
    public static readonly TeamActivated Activated = new(TeamId, Today);
    public static readonly TeamCapacitySet Capacity = new(TeamId, 2000, [new(Gp, 2000, 1m)], 0);
    public static readonly DomainEvent[] ACompleteTeam = [Formed, DoctorJoined, Led, NurseJoined];
    public static readonly DomainEvent[] AnActiveTeam = [.. ACompleteTeam, Activated, Capacity];

    public static readonly PractitionerAssigned DoctorAssigned = new(Gp, TeamId, Clinic, "gp", 1m);
    public static readonly PractitionerAssigned NurseAssigned = new(Nurse, TeamId, Clinic, "nurse", 0.5m);
    public static readonly PractitionerAssigned SecondDoctorAssigned = new(SecondGp, TeamId, Clinic, "gp", 0.5m);
    public static readonly LeadTaken LeadIsTaken = new(Gp, TeamId);

    public static readonly IReadOnlyList<StarComponent> NinetyFive = [new("fulfilment", 20), new("chronicControl", 75)];

    public static StarAwarded Stars(int stars, int period) => new(Gp, stars, period, 90, [], new(period + 1, 1, 31), new(period + 2, 1, 30),
        new DateTimeOffset(period + 2, 1, 30, 16, 0, 0, TimeSpan.Zero), 0);

    private static Guid Id(int n) => new($"00000000-0000-7000-8000-{n:000000000000}");
}
