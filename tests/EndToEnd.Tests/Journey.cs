using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>
/// One resident's way through all services: he applies, is signed by a team with a seat, referred, seen, sent home to a
/// family bed and visited. After each step a test may do what it likes to the system.
/// </summary>
internal sealed class Journey(City city, Func<string, Task> afterStep)
{
    private static int residents;
    private readonly Guid hospital = Guid.CreateVersion7(), institution = Guid.CreateVersion7();
    private Guid team, gp, nurse, resident, contract, referral, downReferral, offer, bed, visit;

    public Guid Resident => resident;
    public Guid Contract => contract;
    public Guid Bed => bed;

    public async Task Travel()
    {
        await FoundATeam();
        await afterStep("teams");
        await Sign();
        await afterStep("contracts");
        await Refer();
        await afterStep("referrals");
        await SeeAndReturn();
        await afterStep("referrals");
        await SendHome();
        await afterStep("referrals");
        await OpenABed();
        await afterStep("beds");
        await Visit();
        await afterStep("dashboard");
    }

    private async Task FoundATeam()
    {
        using var teams = await city.Client("teams", Role.Commission, Role.Clinic);
        await teams.Do("/institutions", new
        {
            id = institution,
            name = "样例社区卫生服务中心",
            nameEn = "Sample health centre",
            districtCode = "330203",
            address = "Sample Road 1",
            latitude = 29.87,
            longitude = 121.55,
            openingHours = new[] { new { day = "Monday", opens = "08:00", closes = "17:00" } },
        });
        await teams.Do($"/institutions/{institution}/activation");
        await teams.Do("/hospitals", new { id = hospital, name = "样例医院", nameEn = "Sample hospital", districtCode = "330203", level = 3 });
        await teams.Do($"/hospitals/{hospital}/services", new { services = new[] { "cardiology" } });
        gp = await Practitioner(teams, "doctor");
        nurse = await Practitioner(teams, "nurse");
        team = (await teams.Do("/teams", new { institutionId = institution, name = "样例团队", nameEn = "Sample team" })).Id;
        await teams.Do($"/teams/{team}/members", new { practitionerId = gp, role = "gp", fte = 1.0, lead = true });
        await teams.Do($"/teams/{team}/members", new { practitionerId = nurse, role = "nurse", fte = 1.0 });
        await teams.Do($"/teams/{team}/activation");
    }

    private async Task<Guid> Practitioner(HttpClient teams, string kind) => (await teams.Do("/practitioners", new
    {
        kind,
        institutionId = institution,
        qualifications = new[] { "licensed" },
        licenceValidTo = "2030-12-31",
    })).Id;

    private async Task Sign()
    {
        using var contracts = await city.Client("contracts", Role.Clinic);
        await Talking.Until(async () => (await contracts.GetAsync($"/teams/{team}/panel")).IsSuccessStatusCode);
        var number = Interlocked.Increment(ref residents);
        resident = (await contracts.Do("/residents", new
        {
            certificateType = "passport",
            certificateNumber = $"X{Environment.ProcessId:0000000}{number:0000}",
            name = $"Sample Resident {number}",
            sex = "male",
            birthDate = "1950-03-02",
            districtCode = "330203",
            eligibility = new { basis = "HouseholdRegistration", evidenceType = "register", since = "1990-01-01" },
            priorityGroups = new[] { new { group = "elderly", evidence = "birthDate" } },
        })).Id;
        contract = (await contracts.Do("/contracts", new { residentId = resident, teamId = team })).Id;
        await contracts.Do($"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
    }

    private async Task Refer()
    {
        using var hospitalDesk = await city.Client("referrals", Role.Hospital);
        using var clinic = await city.Client("referrals", Role.Clinic);
        var date = city.Today.AddDays(16);
        await hospitalDesk.Do("/quotas", new
        {
            hospitalId = hospital,
            service = "cardiology",
            date,
            firstSlot = "08:00",
            slotMinutes = 20,
            familyDoctor = 5,
            urgent = 1,
            @public = 9,
        });
        referral = Guid.CreateVersion7();
        await Soon(clinic, "/referrals", new
        {
            id = referral,
            residentId = resident,
            hospitalId = hospital,
            service = "cardiology",
            priority = "routine",
            reasonCode = "specialistOpinion",
            conditionCodes = new[] { "I50" },
            clinicalSummary = "Short of breath when climbing stairs.",
            skipLevelReason = "equipment",
        });
        await clinic.Do($"/referrals/{referral}/hold", new { date });
        await clinic.Do($"/referrals/{referral}/submission", new { consentRef = "consent-1" });
    }

    private async Task SeeAndReturn()
    {
        using var desk = await city.Client("referrals", Role.Hospital);
        using var clinic = await city.Client("referrals", Role.Clinic);
        await desk.Do($"/referrals/{referral}/acceptance");
        await desk.Do($"/referrals/{referral}/arrival", new { admitted = true });
        await desk.Do($"/referrals/{referral}/outcome", new { disposition = "discharged", report = "Stable.", planForGp = "Weigh daily." });
        await clinic.Do($"/referrals/{referral}/acknowledgement");
    }

    private async Task SendHome()
    {
        using var desk = await city.Client("referrals", Role.Hospital);
        using var clinic = await city.Client("referrals", Role.Clinic);
        downReferral = (await desk.Do("/down-referrals", new
        {
            residentId = resident,
            hospitalId = hospital,
            upReferralId = referral,
            dischargeSummary = "Care at home.",
            redFlags = Array.Empty<string>(),
            familyBedSuggested = true,
        })).Id;
        await clinic.Do($"/down-referrals/{downReferral}/acceptance");
        await clinic.Do($"/down-referrals/{downReferral}/first-contact", new { mode = "phone" });
    }

    private async Task OpenABed()
    {
        using var beds = await city.Client("beds", Role.Clinic, Role.Commission);
        await beds.Do("/bed-capacities", new { institutionId = institution, districtCode = "330203", approved = 3 });
        await using var database = await city.Database("bedsdb");
        offer = await Talking.Eventually<Guid?>(async () =>
        {
            await using var command = database.CreateCommand(
                "select stream_id from mt_events where type = 'discharge_bed_offered' and data->>'ResidentId' = $1");
            command.Parameters.AddWithValue(resident.ToString());
            return (Guid?)await command.ExecuteScalarAsync();
        }) ?? Guid.Empty;
        await Soon(beds, $"/bed-offers/{offer}/acceptance", new { type = "rehabilitative", conditionCodes = new[] { "I50" } });
        await using var find = database.CreateCommand("select stream_id from mt_events where type = 'bed_requested' and data->>'ResidentId' = $1");
        find.Parameters.AddWithValue(resident.ToString());
        bed = (Guid)(await find.ExecuteScalarAsync())!;
        await beds.Do($"/beds/{bed}/assessment", new
        {
            barthel = 45,
            braden = 16,
            fallsRisk = "medium",
            homeSuitable = true,
            caregiver = true,
            recommendation = "familyBed",
        });
        await beds.Do($"/beds/{bed}/approval", new { gpId = gp, nurseId = nurse });
        await beds.Do($"/beds/{bed}/opening", new { consentRef = "consent-2", doctorEveryDays = 14, nurseEveryDays = 7 });
    }

    private async Task Visit()
    {
        using var beds = await city.Client("beds", Role.Clinic);
        var from = city.Now;
        visit = (await beds.Do("/visits", new { bedId = bed, practitionerId = nurse, role = "nurse", from, to = from.AddMinutes(40) })).Id;
        await beds.Do($"/visits/{visit}/completion", new
        {
            findings = "Ankles less swollen.",
            vitals = new[] { new { code = "weight", value = 71.5, unit = "kg" } },
            actionCodes = new[] { "weighed" },
        });
    }

    /// <summary>A command that rests on another service's news is repeated until the news is there.</summary>
    private static Task Soon(HttpClient client, string path, object body) =>
        Talking.Until(async () => (await client.PostAsJsonAsync(path, body)).IsSuccessStatusCode);
}
