using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Tests.States;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests;

/// <summary>Every code of the tables beside the aggregates reaches a caller as problem+json with its status.</summary>
[Collection("teams")]
public sealed class EveryCodeOverHttpTests(TeamsFixture city)
{
    private readonly HashSet<string> seen = [];

    [Fact]
    public async Task Every_code_of_the_tables_is_answered_with_its_status()
    {
        await Places();
        await Teams();
        await People();
        await Stars();
        await Disbandments();
        await Policies();

        string[] tables = ["Institution", "Hospital", "Practitioner", "Team", "Absences", "HelpRequest", "StarAssessment", "Complaint", "ComplianceFlag", "PolicyVersions"];
        var codes = tables.SelectMany(StatesRow.Read).SelectMany(row => row.Codes).Union(TeamsCodes.Statuses.Keys).Order(StringComparer.Ordinal);
        Assert.Equal(codes, seen.Order(StringComparer.Ordinal));
    }

    private async Task Places()
    {
        var (one, two) = (await city.Institution(), (await city.Commission.Do("/institutions", TeamsFixture.InstitutionBody())).Id);
        await Refused(city.Commission, 404, "NOT_FOUND", $"/institutions/{Guid.CreateVersion7()}/closure", new { successorId = one, reason = "x" });
        await Refused(city.Commission, 409, "INSTITUTION_NOT_ACTIVE", $"/institutions/{one}/closure", new { successorId = two, reason = "x" });
        await Refused(city.Commission, 422, "RULE_VIOLATION", $"/institutions/{one}/closure", new { successorId = one, reason = "x" });
        var problem = await Refused(city.Commission, 409, "INVALID_TRANSITION", $"/institutions/{two}/suspension", new { reason = "x" });
        Assert.Equal("""("Registered",["Active"])""", $"""("{problem.GetProperty("state").GetString()}",{problem.GetProperty("allowed").GetRawText()})""");
        await Refused(city.Commission, 400, "VALIDATION_FAILED", $"/institutions/{one}/merger", new { from = new[] { one, two, Guid.CreateVersion7() } });
    }

    private async Task Teams()
    {
        var (active, leader, institution) = await city.ActiveTeam();
        var forming = await city.Team(institution);
        var doctor = await city.Practitioner(institution);
        await Refused(city.Clinic, 422, "TEAM_INCOMPLETE", $"/teams/{forming}/activation");
        await Refused(city.Clinic, 409, "TEAM_NOT_ACTIVE", $"/teams/{forming}/capacity", new { maxPanel = 10 });
        await Refused(city.Clinic, 422, "FTE_EXCEEDED", $"/teams/{forming}/members", new { practitionerId = leader, role = "gp", fte = 0.1 });
        await Refused(city.Clinic, 422, "LEAD_NOT_ELIGIBLE", $"/teams/{active}/leader", new { practitionerId = doctor });
        await city.Join(forming, doctor, fte: 0.5m, lead: true);
        await Refused(city.Clinic, 409, "PRACTITIONER_ALREADY_LEADS", $"/teams/{await city.Team(institution)}/members",
            new { practitionerId = doctor, role = "gp", fte = 0.5, lead = true });
    }

    private async Task People()
    {
        var (team, _, institution) = await city.ActiveTeam();
        var (away, cover, nurse) = (await city.Practitioner(institution, "pharmacist"), await city.Practitioner(institution, "pharmacist"), await city.Practitioner(institution, "nurse"));
        await city.Join(team, away, "pharmacist");
        await Refused(city.Clinic, 422, "LICENCE_INVALID", $"/practitioners/{nurse}/licence", new { validTo = city.Today.AddDays(-1) });
        var (from, to) = (city.Clock.Now.AddDays(1), city.Clock.Now.AddDays(8));
        await Refused(city.Clinic, 422, "COVER_NOT_ELIGIBLE", $"/practitioners/{away}/absences", new { from, to, coveredBy = nurse, reason = "leave" });
        await city.Clinic.Do($"/practitioners/{away}/absences", new { from, to, coveredBy = cover, reason = "leave" });
        await Refused(city.Clinic, 409, "ABSENCE_OVERLAPS", $"/practitioners/{away}/absences", new { from, to, coveredBy = cover, reason = "leave" });
        await Refused(city.Clinic, 409, "COVER_ABSENT", $"/practitioners/{cover}/absences", new { from, to, coveredBy = away, reason = "leave" });
        var help = (await city.First.Client(Role.Resident).Do("/help-requests", new { teamId = team, role = "pharmacist", residentId = Guid.CreateVersion7(), question = "polypharmacy" })).Id;
        await Refused(city.Clinic, 409, "NOT_THE_OWNER", $"/help-requests/{help}/answer", new { by = cover, outcome = "advised" });
    }

    private async Task Stars()
    {
        var (team, doctor, _) = await city.ActiveTeam();
        var year = city.Today.Year - 1;
        await Refused(city.Commission, 422, "STAR_PREREQUISITE", $"/practitioners/{doctor}/stars", new { period = year, components = new[] { new { code = "all", score = 95 } } });
        await city.Commission.Do($"/practitioners/{doctor}/stars", new { period = year - 1, components = new[] { new { code = "all", score = 90 } } });
        await Refused(city.Commission, 409, "STAR_PERIOD_CLOSED", $"/practitioners/{doctor}/assessments", new { period = year - 1 });
        await Refused(city.Commission, 409, "STAR_QUOTA_FULL", $"/practitioners/{doctor}/stars", new { period = year, components = new[] { new { code = "all", score = 95 } } });
        await city.Import("stars", new { id = $"star-{doctor}", occurredAt = city.Clock.Now, practitionerId = doctor, period = year, components = new[] { new { code = "all", score = 95 } } });
        var studio = (await city.Commission.Do("/studios", new { leaderId = doctor, teamId = team })).Id;
        await Refused(city.Commission, 409, "STUDIO_OPEN", "/studios", new { leaderId = doctor, teamId = team });
        await city.Commission.Do($"/studios/{studio}/closure", new { reason = "wish" });
        await Refused(city.Clinic, 409, "STUDIO_CLOSED", $"/studios/{studio}/hours", new { hours = Array.Empty<object>() }, "PUT");
        var survey = new { practitionerId = doctor, appointmentId = Guid.CreateVersion7(), teamId = team, score = 5 };
        var answered = await city.First.Client(Role.Resident).Do("/surveys", survey);
        Assert.Equal(answered, await city.First.Client(Role.Resident).Do("/surveys", survey));
        await Refused(city.First.Client(Role.Resident), 409, "SURVEY_ANSWERED", "/surveys", survey with { score = 1 });
    }

    private async Task Disbandments()
    {
        var (team, _, institution) = await city.ActiveTeam();
        var (successor, _, _) = await city.ActiveTeam();
        await city.Contracts(team, institution, 2);
        await city.Clinic.Do($"/teams/{successor}/capacity", new { maxPanel = 1 });
        var ending = new { effectiveOn = city.Today.AddDays(30), reason = "merged", successors = new[] { successor } };
        var problem = await Refused(city.Clinic, 422, "SUCCESSOR_CAPACITY_SHORT", $"/teams/{team}/disbandment", ending);
        Assert.Equal(1, problem.GetProperty("shortBy").GetInt32());
        await city.Clinic.Do($"/teams/{successor}/capacity", new { maxPanel = 2 });
        await city.Clinic.Do($"/teams/{team}/disbandment", ending);
        problem = await Refused(city.Commission, 409, "CONTRACTS_REMAIN", $"/teams/{team}/disbandment/completion");
        Assert.Equal(2, problem.GetProperty("count").GetInt32());
    }

    private async Task Policies()
    {
        await Refused(city.Commission, 422, "POLICY_FROM_PAST", "/policies", new { version = 900_001, from = city.Clock.Now.AddDays(-1), policy = new { } });
        await city.Commission.Do("/policies", new { version = 900_002, from = "2999-01-01T00:00:00Z", policy = new { } });
        await Refused(city.Commission, 409, "POLICY_VERSION_KNOWN", "/policies", new { version = 900_002, from = "2998-01-01T00:00:00Z", policy = new { } });
    }

    private Task<JsonElement> Refused(HttpClient client, int status, string code, string path, object? body = null, string method = "POST")
    {
        seen.Add(code);
        return client.Refuses(status, code, path, body, method);
    }
}
