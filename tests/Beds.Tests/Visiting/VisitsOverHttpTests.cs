using System.Net.Http.Json;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Beds.Tests.Visiting;

/// <summary>A visit from the plan to its end, on two devices and without a network.</summary>
[Collection("beds")]
public sealed class VisitsOverHttpTests(BedsFixture city)
{
    private readonly Guid nurse = Guid.CreateVersion7();

    [Fact]
    public async Task The_care_plan_s_visits_are_planned_worked_through_and_called_off_with_the_bed()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.AssessedBed(institution);
        await city.Clinic.Do($"/beds/{bed}/approval", new { gpId = Guid.CreateVersion7(), nurseId = nurse });
        await city.Clinic.Do($"/beds/{bed}/opening", BedsFixture.Opening);
        var plan = new { doctorAt = "09:00:00", nurseAt = "14:00:00" };
        var visits = await Planned(bed, plan);
        Assert.Equal(visits, await Planned(bed, plan));
        var mine = await Nurse(w => w.Items.Count == visits.Count(v => v.Role == "nurse"));
        Assert.InRange(mine.Items.Count, 7, 9);
        Assert.Equal(visits.Where(v => v.Role == "nurse").OrderBy(v => v.From).Select(v => v.VisitId), mine.Items.Select(w => w.VisitId!.Value));
        Assert.All(mine.Items, w => Assert.Equal((long)Math.Floor((w.DueAt - city.Clock.Now).TotalMinutes), w.MinutesLeft));

        var first = visits.First(v => v.Role == "nurse").VisitId;
        await city.Clinic.Do($"/visits/{first}/departure");
        await city.Clinic.Do($"/visits/{first}/start", new { locationCheck = "atHome" });
        await city.Clinic.Do($"/visits/{first}/observations", new { observations = new[] { new { code = "9279-1", value = 26, unit = "/min" } } });
        var urgent = (await Nurse(w => w.Items[0].Task == "actOnUrgentDeterioration")).Items[0];
        Assert.Equal((first, 30), (urgent.VisitId, urgent.MinutesLeft));
        await city.Clinic.Do($"/visits/{first}/escalation", new { route = "greenChannel" });
        await city.Clinic.Do($"/visits/{first}/completion", new { medsReviewed = true, nextDue = "2030-01-01" });
        Assert.Equal(["VisitPlanned", "VisitEnRoute", "VisitStarted", "DeteriorationDetected", "DeteriorationEscalated", "VisitCompleted"],
            (await city.Told(first)).Select(t => t.Type));
        Assert.Equal(1, (await city.Bed(bed)).Visits);

        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "recovered" });
        await Nurse(w => w.Items.Count == 0);
        Assert.Equal(VisitStatus.Cancelled, (await Visit(visits[^1].VisitId)).Status);
    }

    [Fact]
    public async Task A_visit_is_given_to_another_put_off_and_called_off()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1));
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse))).Id;
        var other = Guid.CreateVersion7();
        await city.Clinic.Do("/visits", city.VisitOf(bed, other));
        await city.Clinic.Refuses(409, "VISIT_OVERLAP", $"/visits/{visit}/assignment", new { practitionerId = other });
        await city.Clinic.Do($"/visits/{visit}/rescheduling", new { from = city.Clock.Now.AddDays(1), to = city.Clock.Now.AddDays(1).AddHours(1) });
        await city.Clinic.Do($"/visits/{visit}/assignment", new { practitionerId = other });
        Assert.Equal(other, (await Visit(visit)).PractitionerId);
        await city.Clinic.Do("/visits", city.VisitOf(bed, nurse)); // his time is free again
        await city.Clinic.Do($"/visits/{visit}/cancellation", new { reason = "residentAway" });
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/visits/{visit}/start");
    }

    [Fact]
    public async Task Two_visits_in_a_row_that_did_not_take_place_come_to_the_head_of_the_institution()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        for (var n = 1; n <= 2; n++)
        {
            var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse, startsInHours: n))).Id;
            await city.Clinic.Do(n == 1 ? $"/visits/{visit}/missed" : $"/visits/{visit}/not-at-home", new { cause = "ill" });
        }
        await Talking.Until(async () => (await city.Told(bed)).Any(t => t.Type == "MissedVisitsEscalated"));
        await Institution(institution, w => w.Items.Any(i => i.Task == "missedVisits" && i.BedId == bed));
        var made = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse, startsInHours: 3))).Id;
        await city.Clinic.Do($"/visits/{made}/completion");
        await Institution(institution, w => w.Items.All(i => i.Task != "missedVisits"));
    }

    [Fact]
    public async Task House_calls_are_counted_apart()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        var forBed = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse))).Id;
        var call = (await city.Clinic.Do("/visits", new
        {
            residentId = await city.Resident(institution),
            practitionerId = nurse,
            role = "nurse",
            from = city.Clock.Now.AddHours(2),
            to = city.Clock.Now.AddHours(2.5),
        })).Id;
        await city.Clinic.Do($"/visits/{forBed}/completion");
        await city.Clinic.Do($"/visits/{call}/completion");
        city.Clock.Now = city.Clock.Now.AddDays(1);
        await Institution(institution, w => (w.BedVisits, w.HouseCalls) == (1, 1));
    }

    [Fact]
    public async Task What_a_device_tells_is_taken_in_once_late_or_kept_apart_and_never_written_over()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        city.Clock.Now = city.Clock.Now.AddDays(2);
        var (planned, done, late, outside, unknown) = ((await city.Clinic.Do("/visits", city.VisitOf(bed, nurse))).Id, Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        city.Clock.Now = city.Clock.Now.AddHours(4);
        var seen = city.Clock.Now.AddHours(-1);
        object[] batch = [Offline(planned, bed, seen), Offline(done, bed, seen.AddDays(-1))];
        Assert.Equal([SyncResult.Recorded, SyncResult.Recorded], (await Sync(batch)).Select(v => v.Result));
        Assert.Equal([SyncResult.Repeated, SyncResult.Repeated], (await Sync(batch)).Select(v => v.Result));
        Assert.Equal([new SyncedVisit(done, SyncResult.Kept, "VISIT_ALREADY_COMPLETED")], await Sync([Offline(done, bed, seen.AddDays(-1), pulse: 80)]));

        city.Clock.Now = city.Clock.Now.AddHours(1);
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "recovered" });
        city.Clock.Now = city.Clock.Now.AddDays(2).AddHours(-5); // the same time of day as before
        batch = [Offline(late, bed, seen.AddHours(-2)), Offline(outside, bed, city.Clock.Now.AddHours(-2)), Offline(unknown, Guid.CreateVersion7(), seen)];
        Assert.Equal([new(late, SyncResult.Late), new(outside, SyncResult.Quarantined), new SyncedVisit(unknown, SyncResult.Kept, "NOT_FOUND")], await Sync(batch));
        Assert.Equal([SyncResult.Repeated, SyncResult.Repeated, SyncResult.Kept], (await Sync(batch)).Select(v => v.Result));
        Assert.Equal(3, (await city.Bed(bed)).Visits);
        Assert.Equal(["VisitPlanned", "VisitCompleted", "LateVisitRecorded"], (await city.Told(late)).Select(t => t.Type));

        await Institution(institution, w => w.Items.Any(i => i.Task == "reviewLateVisit" && i.VisitId == outside));
        await city.Clinic.Refuses(422, "VISIT_OUTSIDE_PERIOD", $"/visits/{outside}/review", new { reason = "wrongDay", visitedOn = city.Clock.Now.AddHours(8).ToString("yyyy-MM-dd") });
        await city.Clinic.Do($"/visits/{outside}/review", new { reason = "wrongDay", visitedOn = seen.AddHours(8).ToString("yyyy-MM-dd") });
        Assert.Equal((VisitStatus.Completed, 4), ((await Visit(outside)).Status, (await city.Bed(bed)).Visits));
        await Institution(institution, w => w.Items.Count == 0);
    }

    [Fact]
    public async Task A_bed_goes_along_with_its_contract_and_comes_back_from_a_death_told_in_error()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        var (resident, team, gp) = ((await city.Bed(bed)).ResidentId, Guid.CreateVersion7(), Guid.CreateVersion7());
        var facts = city.Facts(resident, institution) with { TeamId = team, GpId = gp };
        await city.Publish(city.Said(new ContractTransferred(facts, Sample.Team, "residentWish", false, false, new(2024, 3, 1)), resident, 6));
        await Talking.Until(async () => (await city.Bed(bed)).TeamId == team);
        Assert.Equal(gp, (await city.Bed(bed)).Terms!.GpId);

        var reversed = city.Said(new ResidentDeathReversed(resident), resident, 8);
        await city.Publish(city.Said(new ResidentDied(resident, new(2024, 3, 1)), resident, 7));
        await city.BedBecomes(bed, BedStatus.Closed);
        await city.Publish(reversed);
        await city.BedBecomes(bed, BedStatus.Open);
        await city.First.Services.GetRequiredService<WhenResidentDied>().React(
            city.Said(new ResidentDied(resident, new(2024, 3, 1)), resident, 7), new(new("beds", "service"), "again"), CancellationToken.None);
        Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status); // an older word comes again
        Assert.Equal(["BedGpChanged", "BedClosed", "BedReopened"], (await city.Told(bed)).TakeLast(3).Select(t => t.Type));
    }

    [Fact]
    public async Task The_history_of_everything_says_who_when_and_why()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse))).Id;
        await city.Publish(city.Terminated((await city.Bed(bed)).ResidentId, institution, 6));
        await city.BedBecomes(bed, BedStatus.ClosingDue);

        var history = (await city.Clinic.GetFromJsonAsync<HistoryPage>($"/history/{bed}"))!.Items;
        Assert.Equal(["bed_requested", "bed_assessed", "bed_approved", "bed_opened", "bed_closure_due"], history.Select(e => e.Type));
        Assert.Equal(Enumerable.Range(1, 5).Select(n => (long)n), history.Select(e => e.Version));
        Assert.All(history.Take(4), e => Assert.Equal(("tester", Role.Clinic), (e.Actor.Id, e.Actor.Role)));
        Assert.Equal((Role.Service, true), (history[4].Actor.Role, history[4].CausationId is not null));
        Assert.All(history, e => Assert.Equal(city.Clock.Now, e.OccurredAt));
        Assert.Equal(bed, history[0].Facts.GetProperty("bedId").GetGuid());
        foreach (var (path, first) in new[]
        {
            ($"/history/{visit}", "visit_planned"), ($"/residents/{(await city.Bed(bed)).ResidentId}/beds/history", "resident_bed_taken"),
            ($"/practitioners/{nurse}/days/{city.Clock.Now.AddHours(9):yyyy-MM-dd}/history", "practitioner_time_taken"),
            ($"/institutions/{institution}/bed-capacity/history", "bed_capacity_opened"),
        })
            Assert.Equal(first, (await city.Clinic.GetFromJsonAsync<HistoryPage>(path))!.Items[0].Type);
    }

    private object Offline(Guid visit, Guid bed, DateTimeOffset from, int pulse = 72) => new
    {
        visitId = visit,
        bedId = bed,
        practitionerId = nurse,
        role = "nurse",
        from,
        to = from.AddMinutes(30),
        deviceTime = from.AddMinutes(30),
        vitals = new[] { new { code = "8867-4", value = pulse, unit = "/min" } },
    };

    private async Task<IReadOnlyList<SyncedVisit>> Sync(object[] visits)
    {
        using var answer = await city.Clinic.PostAsJsonAsync("/offline-visits", new { visits });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<SyncedVisits>())!.Visits;
    }

    private async Task<IReadOnlyList<PlannedVisit>> Planned(Guid bed, object plan)
    {
        using var answer = await city.Clinic.PostAsJsonAsync($"/beds/{bed}/visits", plan);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<PlannedVisits>())!.Visits;
    }

    private async Task<VisitDetails> Visit(Guid visit) => (await city.Clinic.GetFromJsonAsync<VisitDetails>($"/visits/{visit}"))!;

    private Task<WorklistOfNurse> Nurse(Func<WorklistOfNurse, bool> until) =>
        Talking.Eventually(() => city.Clinic.GetFromJsonAsync<WorklistOfNurse>($"/worklists/nurse?practitionerId={nurse}"), until);

    private Task<WorklistOfInstitution> Institution(Guid institution, Func<WorklistOfInstitution, bool> until) =>
        Talking.Eventually(() => city.Clinic.GetFromJsonAsync<WorklistOfInstitution>($"/worklists/institution?institutionId={institution}"), until);
}
