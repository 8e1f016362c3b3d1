using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests;

/// <summary>The past of a city comes in by rows, through the same decisions, once however often it is sent.</summary>
[Collection("teams")]
public sealed class ImportingTests(TeamsFixture city)
{
    private static readonly DateTimeOffset Then = DateTimeOffset.Parse("2022-01-10T01:00:00Z");
    private readonly Guid institution = Guid.CreateVersion7(), hospital = Guid.CreateVersion7(), team = Guid.CreateVersion7(), studio = Guid.CreateVersion7(),
        doctor = Guid.CreateVersion7(), nurse = Guid.CreateVersion7();

    private string Row(string kind, int n = 0) => $"{kind}:{institution}:{n}";

    private object Institution() => new
    {
        id = Row("institution"),
        occurredAt = Then,
        institutionId = institution,
        name = "样例",
        nameEn = "Sample",
        districtCode = "330203",
        address = "1 Sample Road",
        latitude = 29.87,
        longitude = 121.55,
        openingHours = new[] { new { day = "Monday", opens = "08:00:00", closes = "17:00:00" } },
    };

    private object Practitioner(Guid id, string kind, DateOnly? licenceValidTo = null) => new
    {
        id = $"practitioner:{id}",
        occurredAt = Then,
        practitionerId = id,
        kind,
        institutionId = institution,
        qualifications = Array.Empty<string>(),
        licenceValidTo,
    };

    private object Team(Guid leader, params Guid[] nurses) => new
    {
        id = Row("team"),
        occurredAt = Then.AddDays(1),
        teamId = team,
        institutionId = institution,
        name = "样例团队",
        nameEn = "Sample team",
        leaderId = leader,
        members = new object[] { new { practitionerId = doctor, role = "gp", fte = 1 } }
            .Concat(nurses.Select(n => (object)new { practitionerId = n, role = "nurse", fte = 0.5 })),
    };

    private object Star(int period, int score) => new
    {
        id = Row("star", period),
        occurredAt = Then.AddYears(period - 2021),
        practitionerId = doctor,
        period,
        components = new[] { new { code = "all", score } },
    };

    [Fact]
    public async Task A_whole_directory_is_founded_and_sending_it_again_changes_nothing()
    {
        var rows = new (string Kind, object[] Rows)[]
        {
            ("institutions", [Institution()]),
            ("hospitals", [new
            {
                id = Row("hospital"), occurredAt = Then, hospitalId = hospital, name = "样例医院", nameEn = "Sample hospital", districtCode = "330203", level = 3,
                services = new[] { "cardiology" }, equipment = new[] { new { modality = "CT", name = "CT 1" }, new { modality = "CT", name = "CT 2" } },
            }]),
            ("practitioners", [Practitioner(doctor, "doctor"), Practitioner(nurse, "nurse", new(2023, 3, 31))]),
            ("teams", [Team(doctor, nurse)]),
            ("stars", [Star(2021, 88), Star(2022, 95), Star(2023, 96)]),
            ("studios", [new { id = Row("studio"), occurredAt = Then.AddYears(1).AddDays(1), studioId = studio, leaderId = doctor, teamId = team }]),
            ("figures", [new
            {
                id = Row("figure"), occurredAt = Then, figure = "usualResidents", from = "2021-01-01", to = "2021-12-31", value = 9_544_000, unit = "count",
                source = $"sample census {institution}", publishedOn = "2022-01-05",
            }]),
        };
        using var hold = await city.First.Client(Role.Import).PostAsync("/imports/history/opening", null); // the nurse's licence ran out long ago
        foreach (var (kind, items) in rows)
        {
            var taken = await city.Import(kind, items);
            Assert.Equal((items.Length, 0, 0), (taken.Accepted, taken.Repeated, taken.Rejected));
        }
        foreach (var (kind, items) in rows)
        {
            var again = await city.Import(kind, items);
            Assert.True((0, items.Length, 0) == (again.Accepted, again.Repeated, again.Rejected), $"{kind}: {string.Join("; ", again.Rejects)}");
        }
        using var release = await city.First.Client(Role.Import).PostAsync("/imports/history/closing", null);
        var lapsed = await Talking.Eventually(async () => (await city.Told(nurse)).Find(t => t.Type == "LicenceLapsed"));
        Assert.Equal(DateTimeOffset.Parse("2023-04-01T00:00:00+08:00"), lapsed.Message.GetProperty("occurredAt").GetDateTimeOffset());

        Assert.Equal(["TeamFormed", "TeamMemberJoined", "TeamLeadChanged", "TeamMemberJoined", "TeamActivated", "TeamCapacitySet"],
            (await city.Told(team)).Select(t => t.Type).Take(6)); // and later, that its nurse's licence has lapsed
        Assert.All((await city.Told(team)).Take(6), t => Assert.Equal(Then.AddDays(1), t.Message.GetProperty("occurredAt").GetDateTimeOffset()));
        var stars = (await city.Told(doctor)).Where(t => t.Type == "StarAwarded").ToList();
        Assert.Equal([4, 5, 5], stars.Select(t => t.Message.GetProperty("stars").GetInt32()));
        var opened = (await city.Told(doctor)).Single(t => t.Type == "StudioOpened"); // it closes when the city's clock is past its stars
        Assert.Equal(studio, opened.Message.GetProperty("studioId").GetGuid());
        Assert.Equal(["CT", "CT"], (await city.Clinic.GetFromJsonAsync<HospitalDetails>($"/hospitals/{hospital}"))!.Equipment.Select(d => d.Modality));
        Assert.Equal(["InstitutionRegistered", "InstitutionActivated"], (await city.Told(institution)).Select(t => t.Type));
    }

    [Fact]
    public async Task A_team_that_breaks_a_rule_is_rejected_and_comes_in_when_the_rule_is_kept()
    {
        await city.Import("institutions", Institution());
        await city.Import("practitioners", Practitioner(doctor, "doctor"), Practitioner(nurse, "nurse"));
        Assert.Equal("LEAD_NOT_ELIGIBLE", (await city.Import("teams", Team(nurse))).Rejects.Single().Code);
        Assert.Equal("TEAM_INCOMPLETE", (await city.Import("teams", Team(doctor))).Rejects.Single().Code);
        Assert.Equal("NOT_FOUND", (await city.Import("teams", Team(doctor, Guid.CreateVersion7()))).Rejects.Single().Code);
        Assert.Equal(1, (await city.Import("teams", Team(doctor, nurse))).Accepted);
        Assert.Equal("IDEMPOTENCY_MISMATCH", (await city.Import("teams", Team(doctor, nurse, Guid.CreateVersion7()))).Rejects.Single().Code);
        Assert.Equal(2, (await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"))!.Members.Count);
    }

    [Fact]
    public async Task A_member_who_left_since_does_not_come_back_when_the_row_is_sent_again()
    {
        await city.Import("institutions", Institution());
        await city.Import("practitioners", Practitioner(doctor, "doctor"), Practitioner(nurse, "nurse"));
        await city.Import("teams", Team(doctor, nurse));
        await city.Clinic.Do($"/teams/{team}/members/{nurse}/removal", new { reason = "moved" });
        Assert.Equal(1, (await city.Import("teams", Team(doctor, nurse))).Repeated);
        Assert.Single((await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"))!.Members);
    }

    [Fact]
    public async Task Five_stars_without_a_year_before_are_rejected()
    {
        await city.Import("institutions", Institution());
        await city.Import("practitioners", Practitioner(doctor, "doctor"));
        Assert.Equal("STAR_PREREQUISITE", (await city.Import("stars", Star(2022, 95))).Rejects.Single().Code);
    }

    [Fact]
    public async Task A_policy_of_the_past_holds_from_its_own_time()
    {
        var version = 1_000 + Math.Abs(institution.GetHashCode() % 100_000);
        object Policy(DateTimeOffset from, DateTimeOffset at) => new { id = Row("policy", from.Day), occurredAt = at, version, from, policy = new { slotHoldMinutes = 15 } };
        Assert.Equal("POLICY_FROM_PAST", (await city.Import("policies", Policy(Then, Then.AddDays(1)))).Rejects.Single().Code);
        Assert.Equal(1, (await city.Import("policies", Policy(Then.AddDays(1), Then))).Accepted);
    }

    [Theory]
    [InlineData("institutions", """{"id":"1","occurredAt":"2022-01-10T01:00:00Z","institutionId":"00000000-0000-7000-8000-000000000091","name":"n","nameEn":"n","districtCode":"1","address":"a","latitude":1,"longitude":1,"openingHours":[null]}""")]
    [InlineData("hospitals", """{"id":"1","occurredAt":"2022-01-10T01:00:00Z","hospitalId":"00000000-0000-7000-8000-000000000092","name":"n","nameEn":"n","districtCode":"1","level":3,"services":[null]}""")]
    [InlineData("hospitals", """{"id":"1","occurredAt":"2022-01-10T01:00:00Z","hospitalId":"00000000-0000-7000-8000-000000000092","name":"n","nameEn":"n","districtCode":"1","level":3,"equipment":[null]}""")]
    [InlineData("teams", """{"id":"1","occurredAt":"2022-01-10T01:00:00Z","teamId":"00000000-0000-7000-8000-000000000093","institutionId":"00000000-0000-7000-8000-000000000091","name":"n","nameEn":"n","members":[null],"leaderId":"00000000-0000-7000-8000-000000000091"}""")]
    [InlineData("teams", """{"id":"1"}""")]
    [InlineData("stars", "[]")]
    [InlineData("studios", "null")]
    [InlineData("figures", """{"id":"1","occurredAt":"2022-01-10T01:00:00Z","figure":null}""")]
    [InlineData("policies", """{"id":"1","occurredAt":"2022-01-10T01:00:00Z","version":7,"from":"2022-02-01T00:00:00Z","policy":{"termMonthsAllowed":{}}}""")]
    public async Task A_row_that_makes_no_sense_is_rejected(string kind, string row) =>
        Assert.Equal("VALIDATION_FAILED", (await city.Import(kind, row)).Rejects.Single().Code);
}
