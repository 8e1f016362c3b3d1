using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Beds.Tests;

[Collection("beds")]
public sealed class JourneyOverHttpTests(BedsFixture city)
{
    [Fact]
    public async Task A_resident_is_cared_for_at_home_from_the_request_to_the_end()
    {
        var institution = await city.Institution(beds: 2);
        var bed = await city.OpenBed(institution);
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, Guid.CreateVersion7()))).Id;
        await city.Clinic.Do($"/visits/{visit}/completion", new
        {
            findings = "Free text that must not get into any event.",
            vitals = new[] { new { code = "8867-4", value = 72.0, unit = "/min" } },
            actionCodes = new[] { "woundCare" },
        });
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{institution}/bed-capacity"), c => c.Taken == 1);
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "improved", summary = "A summary that is a document." });

        var closed = await city.Bed(bed);
        Assert.Equal((BedStatus.Closed, CloseReason.Improved, 1), (closed.Status, closed.CloseReason, closed.Visits));
        Assert.StartsWith("B-", closed.Number, StringComparison.Ordinal);
        var capacity = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{institution}/bed-capacity"), c => c.Taken == 0);
        Assert.Equal(2, capacity.Approved);
        var listed = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedPage>($"/beds?institutionId={institution}&status=Closed"), p => p.Items.Count == 1);
        Assert.Equal(closed.Number, listed.Items[0].Number);

        var told = await city.Told(bed);
        Assert.Equal(["BedRequested", "BedApproved", "BedOpened", "BedAuthorisationRequested", "BedClosed"], told.Select(t => t.Type));
        Assert.Equal(["Requested", "Approved", "Open", "Open", "Closed"], told.Select(t => t.Message.GetProperty("bed").GetProperty("status").GetString()));
        var last = told[^1].Message;
        Assert.Equal(("improved", 1, "rehabilitative", "team", "330203"), (last.GetProperty("reason").GetString(), last.GetProperty("visits").GetInt32(),
            last.GetProperty("bed").GetProperty("type").GetString(), last.GetProperty("bed").GetProperty("origin").GetString(),
            last.GetProperty("bed").GetProperty("districtCode").GetString()));
        Assert.Equal(["VisitPlanned", "VisitCompleted"], (await city.Told(visit)).Select(t => t.Type));
    }

    [Fact]
    public async Task Findings_and_summaries_stay_out_of_events()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1));
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, Guid.CreateVersion7()))).Id;
        await city.Clinic.Do($"/visits/{visit}/completion", new { findings = "Xylophone" });
        var details = await city.Clinic.GetFromJsonAsync<VisitDetails>($"/visits/{visit}");
        Assert.NotNull(details!.FindingsRef);
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand(
            "select (select count(*) from mt_events where data::text ilike '%xylophone%'), (select count(*) from fd_documents where id = $1)");
        command.Parameters.AddWithValue(details.FindingsRef.Value);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Assert.Equal((0L, 1L), (row.GetInt64(0), row.GetInt64(1)));
    }

    [Fact]
    public async Task Two_instances_race_for_the_last_beds_and_exactly_those_are_given()
    {
        const int Seats = 3, Beds = 24;
        var second = (await city.StartInstance()).Client(Role.Clinic);
        var institution = await city.Institution(Seats);
        var beds = await Task.WhenAll(Enumerable.Range(0, Beds).Select(_ => city.AssessedBed(institution)));
        var codes = await Task.WhenAll(beds.Select((bed, i) => Answer(i % 2 == 0 ? city.Clinic : second, $"/beds/{bed}/approval", new { gpId = Sample.Gp })));
        Assert.Equal(new() { ["ok"] = Seats, ["BED_CAPACITY_FULL"] = Beds - Seats }, codes.GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count()));
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{institution}/bed-capacity"), c => c.Taken == Seats);
    }

    [Fact]
    public async Task Two_instances_race_to_ask_for_one_resident_and_one_wins()
    {
        var second = (await city.StartInstance()).Client(Role.Clinic);
        var resident = await city.Resident(await city.Institution(beds: 9));
        var codes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Answer(i % 2 == 0 ? city.Clinic : second, "/beds",
            new { residentId = resident, origin = "Team", type = "Palliative", conditionCodes = Array.Empty<string>() })));
        Assert.Equal(new() { ["ok"] = 1, ["BED_ALREADY_OPEN"] = 11 }, codes.GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count()));
    }

    [Fact]
    public async Task Two_instances_race_for_a_nurses_hour_and_one_visit_is_planned()
    {
        var second = (await city.StartInstance()).Client(Role.Clinic);
        var institution = await city.Institution(beds: 9);
        var nurse = Guid.CreateVersion7();
        var beds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => city.OpenBed(institution)));
        var codes = await Task.WhenAll(beds.Select((bed, i) => Answer(i % 2 == 0 ? city.Clinic : second, "/visits", city.VisitOf(bed, nurse, 1 + i * 0.05))));
        Assert.Equal(new() { ["ok"] = 1, ["VISIT_OVERLAP"] = 7 }, codes.GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count()));
        var round = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<List<VisitsOfPractitioner>>($"/visits?practitionerId={nurse}"), v => v.Count == 1);
        Assert.Equal(VisitStatus.Assigned, round[0].Status);
    }

    [Fact]
    public async Task A_freed_seat_goes_to_the_most_dependent_by_itself()
    {
        var institution = await city.Institution(beds: 1);
        var open = await city.OpenBed(institution);
        var (first, worse) = (await city.AssessedBed(institution, barthel: 50), await city.AssessedBed(institution, barthel: 10));
        var full = await city.Clinic.Refuses(409, "BED_CAPACITY_FULL", $"/beds/{first}/approval", new { gpId = Sample.Gp });
        Assert.Equal(1, full.GetProperty("waitlistRank").GetInt32());
        await city.Clinic.Do($"/beds/{first}/waiting", new { gpId = Sample.Gp });
        await city.Clinic.Do($"/beds/{worse}/waiting", new { gpId = Sample.Gp });
        Assert.Equal(2, (await city.Clinic.Refuses(409, "BED_CAPACITY_FULL", $"/beds/{first}/approval", new { gpId = Sample.Gp })).GetProperty("waitlistRank").GetInt32());

        await city.Clinic.Do($"/beds/{open}/closure", new { reason = "recovered" });
        await city.BedBecomes(worse, BedStatus.Approved);
        Assert.Equal(BedStatus.Waitlisted, (await city.Bed(first)).Status);
        await city.Clinic.Do("/bed-capacities", new { institutionId = institution, districtCode = "330203", approved = 2 });
        await city.BedBecomes(first, BedStatus.Approved);
        Assert.Equal(["BedRequested", "BedWaitlisted", "BedApproved"], (await city.Told(first)).Select(t => t.Type));
    }

    [Fact]
    public async Task The_capacity_of_an_institution_takes_its_district_from_the_directory()
    {
        var institution = Guid.CreateVersion7();
        await city.Clinic.Refuses(404, "NOT_FOUND", "/bed-capacities", new { institutionId = institution, approved = 5 });
        await city.Publish(city.Registered(institution));
        await Talking.Until(async () => (await city.Clinic.PostAsJsonAsync("/bed-capacities", new { institutionId = institution, approved = 5 })).IsSuccessStatusCode);
        var capacity = await Talking.Eventually(async () =>
        {
            using var answer = await city.Clinic.GetAsync($"/institutions/{institution}/bed-capacity");
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<BedCapacityOfInstitution>() : null;
        });
        Assert.Equal("330205", capacity.DistrictCode);
    }

    [Fact]
    public async Task The_year_turns_and_the_seats_stay_taken()
    {
        var institution = await city.Institution(beds: 1);
        var row = ImportingTests.BedRow(institution, "2022-12-20T01:00:00Z", closed: "2023-01-10T01:00:00Z");
        await city.Import("bed-capacities", new { id = $"c-{institution}", occurredAt = "2021-01-01T00:00:00Z", institutionId = institution, districtCode = "330203", approved = 1 });
        Assert.Equal(1, (await city.Import("beds", row)).Accepted);
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{institution}/bed-capacity"), c => c.Taken == 0);
        var bed = await city.OpenBed(institution);
        await city.Clinic.Refuses(409, "BED_CAPACITY_FULL", $"/beds/{await city.AssessedBed(institution)}/approval", new { gpId = Sample.Gp });
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "recovered" });
    }

    private static async Task<string> Answer(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created ? "ok"
            : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }
}
