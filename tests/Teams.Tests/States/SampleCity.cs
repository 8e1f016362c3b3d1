using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Teams.Tests.Sample;

namespace FamilyDoctor.Teams.Tests.States;

/// <summary>The people and places around whatever a table is about: two institutions, two teams, and some who belong to none.</summary>
internal static class SampleCity
{
    public static readonly Guid OtherClinic = Id(20), NewClinic = Id(21), Pharmacist = Id(22), SecondPharmacist = Id(23), Volunteer = Id(24),
        OtherGp = Id(25), OtherNurse = Id(26), SecondNurse = Id(27), Subject = Id(40), Another = Id(41), Resident = Id(50), Unknown = Id(99);

    public static readonly TeamMemberJoined PharmacistJoined = new(TeamId, Pharmacist, "pharmacist", 0.5m, Today);
    public static readonly DomainEvent[] AFormingTeam = [Formed, DoctorJoined, Led, NurseJoined, PharmacistJoined];

    public static void Build<T>(MemoryCity city)
    {
        city.Given<Institution>(Clinic, AnActiveInstitution)
            .Given<Institution>(OtherClinic, Registered with { InstitutionId = OtherClinic, DistrictCode = "330205" }, new InstitutionActivated(OtherClinic))
            .Given<Institution>(NewClinic, Registered with { InstitutionId = NewClinic });
        city.Given<Practitioner>(Gp, Doctor).Given<Practitioner>(SecondGp, SecondDoctor).Given<Practitioner>(OtherGp, Doctor with { PractitionerId = OtherGp })
            .Given<Practitioner>(Nurse, ANurse).Given<Practitioner>(SecondNurse, ANurse with { PractitionerId = SecondNurse })
            .Given<Practitioner>(OtherNurse, ANurse with { PractitionerId = OtherNurse });
        foreach (var (id, kind) in new[] { (Pharmacist, "pharmacist"), (SecondPharmacist, "pharmacist"), (Volunteer, "volunteer") })
            city.Given<Practitioner>(id, Doctor with { PractitionerId = id, Kind = kind });
        city.Given<PractitionerLoad>(PractitionerLoad.StreamOf(Gp), DoctorAssigned, LeadIsTaken)
            .Given<PractitionerLoad>(PractitionerLoad.StreamOf(Nurse), NurseAssigned)
            .Given<PractitionerLoad>(PractitionerLoad.StreamOf(Pharmacist), new PractitionerAssigned(Pharmacist, TeamId, Clinic, "pharmacist", 0.5m))
            .Given<PractitionerLoad>(PractitionerLoad.StreamOf(OtherGp), new PractitionerAssigned(OtherGp, OtherTeam, Clinic, "gp", 1m), new LeadTaken(OtherGp, OtherTeam))
            .Given<PractitionerLoad>(PractitionerLoad.StreamOf(OtherNurse), new PractitionerAssigned(OtherNurse, OtherTeam, Clinic, "nurse", 1m));
        city.Given<Team>(OtherTeam, Formed with { TeamId = OtherTeam }, new TeamMemberJoined(OtherTeam, OtherGp, "gp", 1m, Today),
            new TeamLeadChanged(OtherTeam, null, OtherGp, Today), new TeamMemberJoined(OtherTeam, OtherNurse, "nurse", 1m, Today),
            new TeamActivated(OtherTeam, Today), new TeamCapacitySet(OtherTeam, 2000, [new(OtherGp, 2000, 1m)], 0));
        if (typeof(T) != typeof(Team))
            city.Given<Team>(TeamId, [.. AFormingTeam, Activated, Capacity]);
    }

    public static Guid Id(int n) => new($"00000000-0000-7000-8000-{n:000000000000}");
}
