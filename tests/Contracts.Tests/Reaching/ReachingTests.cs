using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Reaching;

/// <summary>Who sees and changes whose rows, over HTTP, as the city's identity provider names him.</summary>
[Collection("contracts")]
public sealed class ReachingTests(ContractsFixture city)
{
    private static readonly object Moved = new { reason = "MovedOut" };
    private static readonly object Emergency = new { reason = "emergency" };

    [Fact]
    public async Task A_clinic_reaches_its_own_residents_and_nobody_else_s()
    {
        var (own, _, contract, resident) = await Signed();
        var (mine, other) = (city.First.Scoped(Role.Clinic, own), city.First.Scoped(Role.Clinic, Guid.CreateVersion7()));
        foreach (var path in (string[])[$"/contracts/{contract}", $"/residents/{resident}/contract", $"/contracts/{contract}/linked-cases", $"/residents/{resident}/appointments"])
        {
            Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync(path)).StatusCode);
            await IsAsUnknown(other, path, contract, resident);
            await IsAsUnknown(city.First.Scoped(Role.Clinic), path, contract, resident);
        }
        await other.Refuses(404, "NOT_FOUND", $"/contracts/{contract}/termination", Moved);
        await other.Refuses(404, "NOT_FOUND", $"/residents/{resident}/guardian", new { name = "Sample Guardian", relation = "parent" });
        await mine.Do($"/contracts/{contract}/termination", Moved);
    }

    [Fact]
    public async Task A_clinic_lists_its_own_teams_only_and_how_full_a_team_is_anybody_may_know()
    {
        var (own, team, _, _) = await Signed();
        var other = city.First.Scoped(Role.Clinic, Guid.CreateVersion7());
        Assert.Single((await city.First.Scoped(Role.Clinic, own).GetFromJsonAsync<JsonElement>($"/contracts?teamId={team}")).GetProperty("items").EnumerateArray());
        await other.Refuses(404, "NOT_FOUND", $"/contracts?teamId={team}", method: "GET");
        await other.Refuses(404, "NOT_FOUND", "/sessions", Session(team));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"/teams/{team}/panel")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"/sessions?teamId={team}&from=2024-01-01T00:00:00Z")).StatusCode);
        await city.First.Scoped(Role.Clinic, own).Do("/sessions", Session(team));
    }

    [Fact]
    public async Task A_clinic_takes_in_who_has_no_family_doctor_and_only_for_its_own_teams()
    {
        var (own, elsewhere) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (team, otherTeam) = (await city.Team(5, own), await city.Team(5, elsewhere));
        var clinic = city.First.Scoped(Role.Clinic, own);
        var resident = (await clinic.Do("/residents", ContractsFixture.Resident(7_000_001))).Id;
        await IsAsUnknown(clinic, $"/residents/{resident}/appointments", resident, resident); // to take him in is not to read what was
        await clinic.Refuses(404, "NOT_FOUND", "/contracts", new { residentId = resident, teamId = otherTeam });
        var contract = (await clinic.Do("/contracts", new { residentId = resident, teamId = team })).Id;
        await city.First.Scoped(Role.Clinic, elsewhere).Refuses(404, "NOT_FOUND", "/contracts", new { residentId = resident, teamId = otherTeam });
        await city.First.Scoped(Role.Clinic, elsewhere).Refuses(404, "NOT_FOUND", $"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
        await clinic.Do($"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
    }

    [Fact]
    public async Task A_contract_that_went_elsewhere_is_the_other_clinic_s_on_every_instance()
    {
        var (own, _, contract, resident) = await Signed();
        var elsewhere = Guid.CreateVersion7();
        var team = await city.Team(5, elsewhere);
        await using var second = await city.StartInstance();
        var mine = second.Scoped(Role.Clinic, own);
        await mine.Do($"/residents/{resident}/eligibility", new { basis = "HouseholdRegistration", evidenceType = "register", since = "2011-01-01" }); // the second instance knows him now
        await city.Clinic.Do($"/contracts/{contract}/transfer", new { toTeamId = team, reason = "residentWish", consentMethod = "inPerson" });
        await mine.Refuses(404, "NOT_FOUND", $"/contracts/{contract}", method: "GET");
        await mine.Refuses(404, "NOT_FOUND", $"/contracts/{contract}/termination", Moved); // decided on what the second instance did not know
        await second.Scoped(Role.Clinic, elsewhere).Do($"/contracts/{contract}/termination", Moved);
    }

    [Fact]
    public async Task Who_asked_before_it_went_elsewhere_gets_his_answer_again()
    {
        var (own, _, contract, _) = await Signed();
        var team = await city.Team(5, Guid.CreateVersion7());
        var mine = city.First.Scoped(Role.Clinic, own);
        mine.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        var transfer = new { toTeamId = team, reason = "residentWish", consentMethod = "inPerson" };
        var first = await mine.Do($"/contracts/{contract}/transfer", transfer);
        Assert.Equal(first.Version, (await mine.Do($"/contracts/{contract}/transfer", transfer)).Version);
        mine.DefaultRequestHeaders.Remove("Idempotency-Key");
        await mine.Refuses(404, "NOT_FOUND", $"/contracts/{contract}/transfer", transfer);
    }

    [Fact]
    public async Task A_resident_reaches_himself_and_whom_he_is_guardian_of()
    {
        var (_, _, contract, resident) = await Signed();
        var guardian = Guid.CreateVersion7();
        var (self, stranger, guard) = (Resident(resident), Resident(Guid.CreateVersion7()), Resident(guardian));
        Assert.Equal(HttpStatusCode.OK, (await self.GetAsync($"/residents/{resident}/appointments")).StatusCode);
        await IsAsUnknown(stranger, $"/residents/{resident}/appointments", resident, resident);
        await IsAsUnknown(guard, $"/residents/{resident}/appointments", resident, resident);
        await city.Clinic.Do($"/residents/{resident}/guardian", new { id = guardian, name = "Sample Guardian", relation = "parent" });
        Assert.Equal(HttpStatusCode.OK, (await guard.GetAsync($"/residents/{resident}/appointments")).StatusCode);
        await stranger.Refuses(404, "NOT_FOUND", $"/contracts/{contract}/renewal");
        await stranger.Refuses(404, "NOT_FOUND", "/contracts", new { residentId = resident, teamId = await city.Team(1) });
        await self.Refuses(422, "RENEWAL_WINDOW_CLOSED", $"/contracts/{contract}/renewal");
        await guard.Refuses(422, "RENEWAL_WINDOW_CLOSED", $"/contracts/{contract}/renewal");
        await self.Refuses(403, "FORBIDDEN_SCOPE", $"/residents/{resident}/break-glass", Emergency);
    }

    [Fact]
    public async Task A_booking_with_another_clinic_s_team_is_within_reach_of_both_and_of_no_third()
    {
        var (own, _, _, resident) = await Signed();
        var elsewhere = Guid.CreateVersion7();
        var (mine, theirs) = (city.First.Scoped(Role.Clinic, own), city.First.Scoped(Role.Clinic, elsewhere));
        var session = (await theirs.Do("/sessions", Session(await city.Team(5, elsewhere)))).Id;
        await city.First.Scoped(Role.Clinic, Guid.CreateVersion7()).Refuses(404, "NOT_FOUND", "/appointments", new { sessionId = session, residentId = resident });
        var booked = (await mine.Do("/appointments", new { sessionId = session, residentId = resident })).Id;
        await mine.Refuses(404, "NOT_FOUND", $"/sessions/{session}/cancellation", new { reason = "illness" });
        await city.First.Scoped(Role.Clinic, Guid.CreateVersion7()).Refuses(404, "NOT_FOUND", $"/appointments/{booked}/cancellation", new { reason = "request" });
        await theirs.Do($"/appointments/{booked}/check-in");
        await mine.Refuses(409, "INVALID_TRANSITION", $"/appointments/{booked}/cancellation", new { reason = "request" }); // he is there already
    }

    [Fact]
    public async Task The_commission_says_why_it_looks_at_a_single_row_and_that_is_kept()
    {
        var (_, team, contract, resident) = await Signed();
        var commission = city.First.Scoped(Role.Commission, subject: $"inspector-{Guid.CreateVersion7()}");
        Assert.Equal(HttpStatusCode.OK, (await commission.GetAsync($"/teams/{team}/panel")).StatusCode);
        foreach (var path in (string[])[$"/contracts/{contract}", $"/contracts/{Guid.CreateVersion7()}", $"/contracts?teamId={team}", "/linked-cases", "/residents/duplicates"])
            await commission.Refuses(403, "PURPOSE_REQUIRED", path, method: "GET");
        await commission.Refuses(403, "PURPOSE_REQUIRED", $"/contracts/{contract}/termination", Moved);
        commission.DefaultRequestHeaders.Add("Purpose", "curiosity");
        await commission.Refuses(400, "VALIDATION_FAILED", $"/contracts/{contract}", method: "GET");
        commission.DefaultRequestHeaders.Remove("Purpose");
        commission.DefaultRequestHeaders.Add("Purpose", "complaint");
        Assert.Equal(HttpStatusCode.OK, (await commission.GetAsync($"/contracts/{contract}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await commission.GetAsync($"/contracts?teamId={team}")).StatusCode);
        await commission.Refuses(404, "NOT_FOUND", $"/contracts/{Guid.CreateVersion7()}", method: "GET");
        var kept = await Talking.Eventually(() => Kept($"residentId={resident}"), k => k.Count == 1);
        Assert.Equal(("complaint", "contractId", contract, "ContractDetails"), (kept[0].Why, kept[0].Name, kept[0].Id, kept[0].Endpoint));
    }

    [Fact]
    public async Task Machines_of_the_programme_reach_all()
    {
        var (_, _, contract, _) = await Signed();
        Assert.Equal(HttpStatusCode.OK, (await city.First.Scoped(Role.Service).GetAsync($"/contracts/{contract}")).StatusCode);
    }

    [Fact]
    public async Task A_household_is_within_reach_of_whoever_has_one_of_it()
    {
        var (own, _, _, resident) = await Signed();
        var (household, mine) = (Guid.CreateVersion7(), city.First.Scoped(Role.Clinic, own));
        await mine.Do($"/households/{household}/members", new { residentId = resident, isRepresentative = true });
        await Talking.Until(async () => (await mine.GetAsync($"/households/{household}/members")).IsSuccessStatusCode);
        await city.First.Scoped(Role.Clinic, Guid.CreateVersion7()).Refuses(404, "NOT_FOUND", $"/households/{household}/members", method: "GET");
    }

    [Fact]
    public async Task Glass_that_is_broken_opens_one_resident_to_one_person_until_its_very_limit()
    {
        var (_, _, contract, resident) = await Signed();
        var (_, _, otherContract, _) = await Signed();
        var (elsewhere, person) = (Guid.CreateVersion7(), $"doctor-{Guid.CreateVersion7()}");
        var (doctor, colleague) = (city.First.Scoped(Role.Clinic, elsewhere, person), city.First.Scoped(Role.Clinic, elsewhere, "colleague"));
        await doctor.Refuses(400, "VALIDATION_FAILED", $"/residents/{resident}/break-glass", new { reason = "curiosity" });
        await doctor.Refuses(404, "NOT_FOUND", $"/residents/{Guid.CreateVersion7()}/break-glass", Emergency);
        await IsAsUnknown(doctor, $"/contracts/{contract}", contract, contract);
        var (brokenAt, broken) = (city.Clock.Now, await doctor.Do($"/residents/{resident}/break-glass", Emergency));
        Assert.Equal(broken, await doctor.Do($"/residents/{resident}/break-glass", new { reason = "walkIn" }));
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync($"/contracts/{contract}")).StatusCode);
        await IsAsUnknown(colleague, $"/contracts/{contract}", contract, contract);
        await IsAsUnknown(doctor, $"/contracts/{otherContract}", otherContract, otherContract);
        city.Clock.Now = brokenAt.AddHours(3).AddTicks(-1);
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync($"/residents/{resident}/contract")).StatusCode);
        city.Clock.Now = brokenAt.AddHours(3);
        await IsAsUnknown(doctor, $"/residents/{resident}/contract", resident, resident);
        await doctor.Refuses(404, "NOT_FOUND", $"/contracts/{contract}/termination", Moved);
        Assert.Equal(broken.Version + 1, (await doctor.Do($"/residents/{resident}/break-glass", Emergency)).Version);
        var kept = await Talking.Eventually(() => Kept($"residentId={resident}"), k => k.Count == 4);
        Assert.Equal(["breakGlass", "breakGlass", "emergency", "emergency"], kept.Select(k => k.Why).Order());
        Assert.All(kept, k => Assert.Equal((person, Role.Clinic), (k.Who, k.Role)));
        Assert.Equal([brokenAt.AddHours(3), brokenAt.AddHours(6)], (await Kept($"residentId={resident}&onlyGlass=true"))!.Select(k => k.OpenUntil!.Value));
        await city.First.Scoped(Role.Clinic, elsewhere).Refuses(403, "FORBIDDEN_SCOPE", "/accesses", method: "GET");
    }

    [Fact]
    public async Task Glass_broken_on_one_instance_is_broken_on_all()
    {
        var (_, _, contract, resident) = await Signed();
        await using var second = await city.StartInstance();
        var (here, there) = (city.First.Scoped(Role.Hospital, Guid.CreateVersion7(), "a doctor"), second.Scoped(Role.Hospital, Guid.CreateVersion7(), "a doctor"));
        var price = $"/residents/{resident}/prices/outpatientVisit?level=Primary";
        await there.Refuses(404, "NOT_FOUND", price, method: "GET");
        await here.Do($"/residents/{resident}/break-glass", Emergency);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync(price)).StatusCode);
        await there.Refuses(403, "FORBIDDEN_SCOPE", $"/contracts/{contract}", method: "GET"); // it opens rows, not endpoints
    }

    private HttpClient Resident(Guid id) => city.First.Scoped(Role.Resident, subject: id.ToString());

    private object Session(Guid team) => new { teamId = team, start = city.Clock.Now.AddDays(3), slotMinutes = 10, slots = 10 };

    private async Task<List<Accesses>?> Kept(string query) =>
        [.. (await city.First.Scoped(Role.Commission).GetFromJsonAsync<AccessPage>($"/accesses?{query}"))!.Items];

    /// <summary>An institution, its team, and a resident who has signed there.</summary>
    private async Task<(Guid Institution, Guid Team, Guid Contract, Guid Resident)> Signed()
    {
        var institution = Guid.CreateVersion7();
        var (team, resident) = (await city.Team(5, institution), await city.RegisterResident());
        var contract = (await city.Clinic.Do("/contracts", new { residentId = resident, teamId = team })).Id;
        await city.Clinic.Do($"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<JsonElement>($"/contracts?teamId={team}&status=Active")).GetProperty("items").GetArrayLength() == 1);
        return (institution, team, contract, resident);
    }

    /// <summary>Word for word what somebody hears of an id that does not exist.</summary>
    private static async Task IsAsUnknown(HttpClient client, string path, params Guid[] ids)
    {
        var nobody = ids.Aggregate(path, (text, id) => text.Replace(id.ToString(), Guid.CreateVersion7().ToString(), StringComparison.Ordinal));
        var (foreign, unknown) = (await client.Refuses(404, "NOT_FOUND", path, method: "GET"), await client.Refuses(404, "NOT_FOUND", nobody, method: "GET"));
        Assert.Equal(Told(unknown), Told(foreign));

        static IEnumerable<string> Told(JsonElement problem) =>
            problem.EnumerateObject().Where(p => p.Name is not ("instance" or "correlationId")).Select(p => p.ToString());
    }
}
