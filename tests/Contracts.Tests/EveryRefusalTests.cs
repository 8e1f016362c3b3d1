using System.Net.Http.Json;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests;

/// <summary>Every code of the service with its status, as a caller sees it.</summary>
[Collection("contracts")]
public sealed class EveryRefusalTests(ContractsFixture city)
{
    private static readonly object InPerson = new { proofMethod = "inPerson" };

    [Fact]
    public async Task Every_code_is_answered_with_its_status()
    {
        var seen = new HashSet<string>();
        var (team, full) = (await city.Team(50), await city.Team(1));
        var officer = city.First.Client(Role.Commission);
        var (one, two, minor) = (await city.RegisterResident(), await city.RegisterResident(), await Register("2015-05-17", 700_001));
        var stranger = await Register("1980-05-17", 700_002, eligible: false);

        await Refuses("CERTIFICATE_INVALID", "/residents", Form("1980-05-17", "330203198005170011"));
        await Refuses("BIRTH_DATE_INVALID", "/residents", Form("2080-05-17", "E12345678", "passport"));
        await Refuses("RESIDENT_KNOWN", "/residents", Form("2015-05-17", Number("2015-05-17", 700_001)));
        await Refuses("GROUP_UNKNOWN", $"/residents/{one}/priority-groups", new { group = "leftHanded", evidence = "condition" });
        await Refuses("EVIDENCE_INVALID", $"/residents/{one}/priority-groups", new { group = "copd", evidence = "birthDate" });
        await Refuses("EFFECTIVE_DATE_INVALID", $"/residents/{one}/death", new { on = "2199-01-01", source = "family" });

        await Refuses("NOT_ELIGIBLE", "/contracts", new { residentId = stranger, teamId = team });
        await Refuses("TERM_NOT_ALLOWED", "/contracts", new { residentId = one, teamId = team, termMonths = 7 });
        await Refuses("PACKAGE_NOT_ALLOWED", "/contracts", new { residentId = one, teamId = team, packageIds = new[] { "elderly" } });
        await Refuses("TEAM_NOT_ACCEPTING", "/contracts", new { residentId = one, teamId = Guid.CreateVersion7() });
        var contract = (await city.Clinic.Do("/contracts", new { residentId = one, teamId = team })).Id;
        await Refuses("APPLICATION_PENDING", "/contracts", new { residentId = one, teamId = team });
        await Refuses("CONTRACT_NOT_ACTIVE", $"/contracts/{contract}/services", new { kind = "followUp", by = "visit", mode = "home" });
        await Refuses("PROOF_INVALID", $"/contracts/{contract}/signature", new { proofMethod = "otp" });
        await city.Clinic.Do($"/contracts/{contract}/signature", InPerson);
        await Refuses("ALREADY_CONTRACTED", "/contracts", new { residentId = one, teamId = team });
        await city.Clinic.Do("/contracts", new { residentId = two, teamId = full });
        var panelFull = await Refuses("PANEL_FULL", "/contracts", new { residentId = minor, teamId = full });
        Assert.NotEmpty(panelFull.GetProperty("alternatives").EnumerateArray());
        var child = (await city.Clinic.Do("/contracts", new { residentId = minor, teamId = team })).Id;
        await Refuses("GUARDIAN_REQUIRED", $"/contracts/{child}/signature", InPerson);
        await city.Clinic.Do($"/residents/{minor}/guardian", new { name = "Sample Guardian", relation = "parent" });
        await city.Clinic.Do($"/contracts/{child}/signature", InPerson);

        await Refuses("RENEWAL_WINDOW_CLOSED", $"/contracts/{contract}/renewal");
        await Refuses("OBLIGATION_NOT_DUE", $"/contracts/{contract}/services", new { kind = "followUp", by = "visit", mode = "home" });
        await city.Clinic.Do($"/residents/{one}/priority-groups", new { group = "hypertension", evidence = "condition" });
        await city.Clinic.Do($"/contracts/{contract}/services", new { kind = "followUp", by = "visit", mode = "home" });
        await Refuses("PRESCRIPTION_NOT_ALLOWED", $"/contracts/{contract}/long-prescriptions", new { weeks = 20, conditionCode = "hypertension" });
        await city.Clinic.Do($"/contracts/{contract}/long-prescriptions", new { weeks = 8, conditionCode = "hypertension" });
        var wish = new { toTeamId = await city.Team(5), reason = "residentWish", consentMethod = "inPerson" };
        await city.Clinic.Do($"/contracts/{contract}/transfer", wish);
        await Refuses("TRANSFER_LIMIT_REACHED", $"/contracts/{contract}/transfer", new { toTeamId = team, reason = "residentWish", consentMethod = "inPerson" });
        await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", $"/contracts/{contract}/transfer", new { toTeamId = team, reason = "teamOverload", mandated = true });
        await officer.Do($"/contracts/{contract}/transfer", new { toTeamId = team, reason = "teamOverload", mandated = true });

        var household = Guid.CreateVersion7();
        await Refuses("NOT_OF_HOUSEHOLD", $"/households/{household}/contracts", new { representativeId = one, teamId = team, residentIds = new[] { minor } });

        var start = city.Clock.Now.AddHours(2);
        await Refuses("SESSION_IN_PAST", "/sessions", new { teamId = team, start = city.Clock.Now.AddHours(-1), slotMinutes = 15, slots = 2 });
        var session = (await city.Clinic.Do("/sessions", new { teamId = team, start, slotMinutes = 15, slots = 2 })).Id;
        var appointment = (await city.Clinic.Do("/appointments", new { sessionId = session, residentId = one, slot = 1 })).Id;
        await Refuses("SLOT_TAKEN", "/appointments", new { sessionId = session, residentId = minor, slot = 1 });
        await Refuses("APPOINTMENT_NOT_DUE", $"/appointments/{appointment}/no-show");
        city.Clock.Now = start.AddMinutes(5);
        await Refuses("SLOT_PAST", "/appointments", new { sessionId = session, residentId = minor, slot = 0 });

        seen.Add("PRICE_INVALID");
        await officer.Refuses(422, "PRICE_INVALID", "/prices", new
        {
            serviceCode = "mri",
            level = "Tertiary",
            priceFen = 60_000,
            shares = new { linked = 40, notReferred = 30, noContract = 60 },
            from = "2024-04-01",
        });

        await city.Clinic.Do("/residents/merges", new { residentId = one, otherId = stranger });
        await Refuses("RESIDENT_MERGED", $"/residents/{stranger}/legal-capacity", new { isLacking = true });
        await city.Clinic.Do($"/residents/{one}/death", new { on = "2024-03-01", source = "hospital" });
        await Refuses("RESIDENT_DECEASED", $"/contracts/{contract}/termination", new { reason = "MovedOut" });
        await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", $"/residents/{one}/death-reversal", new { reason = "wrongPerson" });
        await officer.Do($"/residents/{one}/death-reversal", new { reason = "wrongPerson" });

        seen.UnionWith(["SLOT_FREE", "BOOKING_RESTRICTED", "LIST_CHANGED"]); // BookingOverHttpTests, AttributingOverHttpTests
        Assert.Empty(ContractsCodes.Statuses.Keys.Except(seen));

        async Task<Guid> Register(string birthDate, int number, bool eligible = true) =>
            (await city.Clinic.Do("/residents", Form(birthDate, Number(birthDate, number), eligible: eligible))).Id;

        Task<System.Text.Json.JsonElement> Refuses(string code, string path, object? body = null)
        {
            seen.Add(code);
            return city.Clinic.Refuses(ContractsCodes.Statuses[code], code, path, body);
        }
    }

    [Fact]
    public async Task Two_who_look_alike_are_listed_until_somebody_decides()
    {
        var first = (await city.Clinic.Do("/residents", Form("1977-07-07", Number("1977-07-07", 600_001), name: "Sample Twin"))).Id;
        var second = (await city.Clinic.Do("/residents", Form("1977-07-07", "E77777777", "passport", name: "sample  twin"))).Id;
        var third = (await city.Clinic.Do("/residents", Form("1977-07-07", "E77777778", "passport", name: "Sample Twin"))).Id;
        Assert.Equal(3, (await Alike()).Count);
        await city.Clinic.Do("/residents/duplicates/dismissal", new { residentId = third, otherId = first });
        await city.Clinic.Do("/residents/duplicates/dismissal", new { residentId = third, otherId = second });
        var pair = Assert.Single(await Alike()); // ids of one moment are in no order
        Assert.Equal(new HashSet<Guid> { first, second }, new HashSet<Guid> { pair.Item1, pair.Item2 });

        var team = await city.Team(5);
        var contract = (await city.Clinic.Do("/contracts", new { residentId = second, teamId = team })).Id;
        await city.Clinic.Do($"/contracts/{contract}/signature", InPerson);
        Assert.Equal(second, (await city.Clinic.Do("/residents/merges", new { residentId = first, otherId = second })).Id); // who has a contract goes on
        Assert.Equal(second, (await city.Clinic.Do("/residents/merges", new { residentId = first, otherId = second })).Id);
        Assert.Empty(await Alike());
        var known = await city.Clinic.Refuses(409, "RESIDENT_KNOWN", "/residents", Form("1977-07-07", Number("1977-07-07", 600_001)));
        Assert.Equal(second, known.GetProperty("residentId").GetGuid());

        async Task<List<(Guid, Guid)>> Alike() => [.. (await city.Clinic.GetFromJsonAsync<Viewing.MergePage>("/residents/duplicates?limit=200"))!.Items
            .Where(p => new[] { first, second, third }.Contains(p.ResidentId)).Select(p => (p.ResidentId, p.OtherId))];
    }

    [Fact]
    public async Task An_old_identity_card_of_15_digits_is_the_same_person_as_the_new_one()
    {
        var number = Number("1966-06-06", 500_001);
        var id = (await city.Clinic.Do("/residents", Form("1966-06-06", number))).Id;
        var known = await city.Clinic.Refuses(409, "RESIDENT_KNOWN", "/residents", Form("1966-06-06", number[..6] + number[8..17]));
        Assert.Equal(id, known.GetProperty("residentId").GetGuid());
    }

    [Fact]
    public async Task A_newborn_has_a_birth_certificate_until_he_has_an_identity_card()
    {
        var born = city.Clock.Now.AddDays(-20).ToString("yyyy-MM-dd");
        var id = (await city.Clinic.Do("/residents", Form(born, "U330000001", "birthCertificate"))).Id;
        var card = new { certificateType = "identityCard", certificateNumber = Number(born, 400_001) };
        await city.Clinic.Do($"/residents/{id}/certificates", card);
        await city.Clinic.Do($"/residents/{id}/certificates", card);
        await city.Clinic.Refuses(409, "RESIDENT_KNOWN", "/residents", Form(born, card.certificateNumber));
        await city.Clinic.Refuses(422, "CERTIFICATE_INVALID", "/residents", Form("1980-05-17", "U330000002", "birthCertificate"));
    }

    [Fact]
    public async Task A_family_applies_together_and_each_has_a_contract_of_his_own()
    {
        var (household, team) = (Guid.CreateVersion7(), await city.Team(2));
        var members = await city.RegisterResidents(3);
        foreach (var (member, i) in members.Select((m, i) => (m, i)))
            await city.Clinic.Do($"/households/{household}/members", new { residentId = member, isRepresentative = i == 0 });
        using var answer = await city.Clinic.PostAsJsonAsync($"/households/{household}/contracts",
            new { representativeId = members[0], teamId = team, residentIds = members });
        var made = (await answer.Content.ReadFromJsonAsync<List<Households.FamilyApplication>>())!;
        Assert.Equal([null, null, "PANEL_FULL"], made.Select(m => m.Code).Order());
        Assert.Equal(2, made.Select(m => m.ContractId).OfType<Guid>().Distinct().Count());
    }

    private static object Form(string birthDate, string number, string type = "identityCard", string name = "Sample Somebody", bool eligible = true) => new
    {
        certificateType = type,
        certificateNumber = number,
        name,
        sex = "male",
        birthDate,
        districtCode = "330203",
        eligibility = eligible ? new { basis = "HouseholdRegistration", evidenceType = "register", since = "2010-01-01" } : null,
    };

    private static string Number(string birthDate, int number)
    {
        var digits = $"{999_999 - (number / 1000)}{birthDate.Replace("-", "", StringComparison.Ordinal)}{number % 1000:000}";
        return digits + Certificates.CheckDigit(digits);
    }
}
