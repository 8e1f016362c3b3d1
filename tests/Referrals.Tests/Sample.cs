using System.Globalization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Referring;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>A sample resident of a sample team, a hospital and a day of its slots.</summary>
internal static class Sample
{
    public static readonly Guid Resident = new("00000000-0000-7000-8000-000000000001");
    public static readonly Guid Team = new("00000000-0000-7000-8000-000000000002");
    public static readonly Guid Institution = new("00000000-0000-7000-8000-000000000003");
    public static readonly Guid Gp = new("00000000-0000-7000-8000-000000000004");
    public static readonly Guid Nurse = new("00000000-0000-7000-8000-000000000005");
    public static readonly Guid ContractId = new("00000000-0000-7000-8000-000000000006");
    public static readonly Guid HospitalId = new("00000000-0000-7000-8000-000000000007");
    public static readonly Guid Id = new("00000000-0000-7000-8000-000000000008");
    public static readonly Guid OtherId = new("00000000-0000-7000-8000-000000000009");

    public static readonly Actor Doctor = new(Gp.ToString(), Role.Clinic, Institution.ToString());
    public static readonly TeamFacts TeamOfTwo =
        new(Team, Institution, "330203", "样例团队", "Sample team", "Active", Gp, [new(Gp, "gp", 1), new(Nurse, "nurse", 1)], 2000);
    public static readonly HospitalFacts Hospital =
        new(HospitalId, "样例医院", "Sample hospital", "330203", 2, ["cardiology", "neurology"], ["CT", "MRI"]);

    /// <summary>Active from 2024-01-01 to 2024-12-31.</summary>
    public static KnownContract Contract(string status = "Active", params string[] groups) => new(new ContractFacts(
        ContractId, Resident, Team, Institution, "330203", Gp, new(2024, 1, 1), new(2024, 1, 1), new(2024, 12, 31), status, groups), 4);

    /// <summary>A time of the city: "2024-03-01 09:00".</summary>
    public static DateTimeOffset Time(string local) =>
        new DateTimeOffset(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.FromHours(8)).ToUniversalTime();

    /// <summary>Friday 2024-03-15 from 08:00, ten minutes each: two slots for family doctors, one urgent, one public.</summary>
    public static readonly DateOnly Day = new(2024, 3, 15);
    public static readonly Guid BookId = QuotaBook.StreamOf(HospitalId, "cardiology", Day);
    public static readonly QuotaPublished Published =
        new(HospitalId, "cardiology", Day, Time("2024-03-15 08:00"), 10, new(2, 1, 1), Time("2024-03-13 08:00"));

    public static readonly DraftReferral Draft = new(Id, Resident, HospitalId, "cardiology", ReferralPriority.Routine, "chestPain", ["I20"]);

    public static ReferralDrafted Drafted(ReferralPriority priority = ReferralPriority.Routine) => new(Id, "up", Resident, ContractId, 4, Team, Institution,
        "330203", HospitalId, "cardiology", priority, "chestPain", ["I20"], null, null, 2);

    public static readonly ReferralOpened Opened = new(Id, "cardiology");
    public static readonly ReferralSlotHeld Chosen = new(Id, BookId, Day, Time("2024-03-15 08:00"));
    public static readonly SlotHeld Held = new(Id, 0, Pool.FamilyDoctor, Time("2024-03-01 09:15"));
    public static readonly ReferralSubmitted Submitted =
        new(Id, HospitalId, "cardiology", Time("2024-03-01 09:00"), Time("2024-03-06 09:00"), "consent-1");
    public static readonly ReferralAccepted Accepted = new(Id, "hospital", Time("2024-03-04 10:00"));
    public static readonly ReferralScheduled Scheduled = new(Id, Time("2024-03-15 08:00"));
    public static readonly ReferralAuthorised Authorised = new(Id, Ids.Human('R', Id), new(2024, 4, 14), 1, 2);
    public static readonly PatientArrived Arrived = new(Id, Time("2024-03-15 08:05"), false, Time("2024-03-22 08:05"));
    public static readonly OutcomeReturned Returned =
        new(Id, Disposition.Discharged, null, null, new(2024, 3, 29), Time("2024-03-19 10:00"));

    public static readonly DomainEvent[] ASubmittedReferral = [Drafted(), Chosen, Submitted];
    public static readonly DomainEvent[] AScheduledReferral = [.. ASubmittedReferral, Accepted, Scheduled, Authorised];
    public static readonly DomainEvent[] ADayWithHisRequest = [Published, Held, new SlotRequested(Id)];
}
