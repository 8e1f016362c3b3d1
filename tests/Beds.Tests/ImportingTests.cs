using System.Net.Http.Json;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Beds.Tests;

/// <summary>The past of a city, through the same decisions.</summary>
[Collection("beds")]
public sealed class ImportingTests(BedsFixture city)
{
    [Fact]
    public async Task Beds_of_the_past_short_and_long_keep_their_times()
    {
        var institution = await PastInstitution(beds: 10);
        object[] rows =
        [
            BedRow(institution, "2022-03-01T01:00:00Z", closed: "2022-03-20T01:00:00Z"),
            BedRow(institution, "2022-03-01T01:00:00Z", closed: "2022-05-05T01:00:00Z"),
            BedRow(institution, "2021-03-01T01:00:00Z", closed: "2022-12-31T01:00:00Z", visits: 82),
            BedRow(institution, "2023-01-05T01:00:00Z", type: "Palliative"),
            BedRow(institution, "2023-12-28T01:00:00Z"),
        ];
        Assert.Empty((await city.Import("beds", rows)).Rejects);
        var again = await city.Import("beds", rows);
        Assert.Equal((0, 5), (again.Accepted, again.Repeated));

        var statuses = await Task.WhenAll(rows.Select(async row => (await city.Bed(IdOf(row))).Status));
        Assert.Equal([BedStatus.Closed, BedStatus.Closed, BedStatus.Closed, BedStatus.Open, BedStatus.Open], statuses);
        var told = await city.Told(IdOf(rows[2]));
        Assert.Equal((82, DateTimeOffset.Parse("2022-12-31T01:00:00Z")),
            (told[^1].Message.GetProperty("visits").GetInt32(), told[^1].Message.GetProperty("occurredAt").GetDateTimeOffset()));
        Assert.True(told.Count(t => t.Type == "BedExtended") >= 10);
        Assert.DoesNotContain(told, t => t.Type == "BedAuthorisationRequested"); // nobody asks the insurer about the past
        Assert.Equal(told.Select(t => t.Message.GetProperty("occurredAt").GetDateTimeOffset()).Order(),
            told.Select(t => t.Message.GetProperty("occurredAt").GetDateTimeOffset()));
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{institution}/bed-capacity"), c => c.Taken == 2);
    }

    [Fact]
    public async Task A_bed_of_the_past_may_end_on_any_day_of_its_period()
    {
        var institution = await PastInstitution(beds: 10);
        var rows = Enumerable.Range(48, 20).SelectMany(day => new[] { -1, 0, 1 }.Select(second =>
            BedRow(institution, "2022-03-01T16:00:00Z", DateTimeOffset.Parse("2022-03-04T16:00:00Z").AddDays(day).AddSeconds(second).ToString("O")))).ToArray();
        var result = await city.Import("beds", rows);
        Assert.Empty(result.Rejects);
        Assert.Equal(rows.Length, result.Accepted);
    }

    [Fact]
    public async Task Visits_of_the_past_are_taken_in_for_closed_beds_and_as_house_calls()
    {
        var institution = await PastInstitution(beds: 1);
        var bed = BedRow(institution, "2022-03-01T01:00:00Z", closed: "2022-04-20T01:00:00Z");
        Assert.Equal(1, (await city.Import("beds", bed)).Accepted);
        var nurse = Guid.CreateVersion7();
        object[] rows =
        [
            Visit(nurse, IdOf(bed), "2022-03-08T01:00:00Z", completed: true),
            Visit(nurse, IdOf(bed), "2022-03-08T01:00:00Z", missed: "notAtHome"),
            Visit(nurse, null, "2022-03-08T01:10:00Z", completed: true),
            Visit(nurse, IdOf(bed), "2022-05-08T01:00:00Z", completed: true),
            Visit(nurse, Guid.CreateVersion7(), "2022-03-09T01:00:00Z", completed: true),
        ];
        var result = await city.Import("visits", rows);
        Assert.Equal((3, 2), (result.Accepted, result.Rejected));
        Assert.Equal([(4, "BED_CLOSED"), (5, "NOT_FOUND")], result.Rejects.Select(r => (r.Line, r.Code)));
        Assert.Equal(1, (await city.Bed(IdOf(bed))).Visits);
        Assert.Equal(3, (await city.Import("visits", rows)).Repeated);
    }

    [Fact]
    public async Task A_bed_whose_times_make_no_sense_is_rejected()
    {
        var institution = await PastInstitution(beds: 1);
        var result = await city.Import("beds",
            BedRow(institution, "2022-03-01T01:00:00Z", closed: "2022-02-01T01:00:00Z"),
            BedRow(institution, "9998-03-01T01:00:00Z"), new { id = "b3" },
            BedRow(institution, "2022-03-01T01:00:00Z", type: "Unheard"));
        Assert.Equal(["RULE_VIOLATION", "RULE_VIOLATION", "VALIDATION_FAILED", "VALIDATION_FAILED"], result.Rejects.Select(r => r.Code));
    }

    [Fact]
    public async Task A_bed_of_the_past_follows_a_contract_whose_end_was_told_before()
    {
        var institution = await PastInstitution(beds: 1);
        var bed = BedRow(institution, "2024-02-20T01:00:00Z");
        var resident = ResidentOf(bed);
        await city.Publish(city.Terminated(resident, institution, 6));
        await Talking.Eventually(async () => (await city.Import("beds", bed)).Rejected == 0 ? await city.Bed(IdOf(bed)) : null,
            b => b.Status is BedStatus.ClosingDue or BedStatus.Closed);
    }

    internal static object BedRow(Guid institution, string requested, string? closed = null, string type = "Rehabilitative", int? visits = null)
    {
        var (id, at) = (Guid.CreateVersion7(), DateTimeOffset.Parse(requested));
        return new
        {
            id = id.ToString(),
            occurredAt = at,
            bedId = id,
            contract = new { contractId = Guid.CreateVersion7(), residentId = Guid.CreateVersion7(), teamId = Sample.Team, institutionId = institution, districtCode = "330203" },
            origin = "Outpatient",
            type,
            conditionCodes = new[] { "I63.9" },
            assessedAt = at.AddDays(1),
            barthel = 40,
            braden = 15,
            approvedAt = at.AddDays(2),
            gpId = Sample.Gp,
            openedAt = at.AddDays(3),
            doctorEveryDays = 14,
            nurseEveryDays = 7,
            closedAt = closed is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(closed),
            closeReason = closed is null ? null : "improved",
            visits,
        };
    }

    private static object Visit(Guid nurse, Guid? bed, string from, bool completed = false, string? missed = null)
    {
        var (id, at) = (Guid.CreateVersion7(), DateTimeOffset.Parse(from));
        return new
        {
            id = id.ToString(),
            occurredAt = at.AddDays(-1),
            visitId = id,
            bedId = bed,
            contract = new { contractId = Guid.CreateVersion7(), residentId = Guid.CreateVersion7(), teamId = Sample.Team, institutionId = Sample.Institution, districtCode = "330203" },
            practitionerId = nurse,
            role = "nurse",
            from = at,
            to = at.AddMinutes(40),
            completedAt = completed ? at.AddMinutes(35) : (DateTimeOffset?)null,
            missedCause = missed,
        };
    }

    private async Task<Guid> PastInstitution(int beds)
    {
        var institution = Guid.CreateVersion7();
        var result = await city.Import("bed-capacities", new { id = institution.ToString(), occurredAt = "2020-01-01T00:00:00Z", institutionId = institution, districtCode = "330203", approved = beds });
        Assert.Equal(1, result.Accepted);
        return institution;
    }

    private static Guid IdOf(object row) => (Guid)row.GetType().GetProperty("bedId")!.GetValue(row)!;

    private static Guid ResidentOf(object row)
    {
        var contract = row.GetType().GetProperty("contract")!.GetValue(row)!;
        return (Guid)contract.GetType().GetProperty("residentId")!.GetValue(contract)!;
    }
}
