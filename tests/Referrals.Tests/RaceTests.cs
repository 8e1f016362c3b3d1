using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>Two thousand want the last slots of a day at once, on two instances: exactly those are given, and nobody loses what he could have had.</summary>
[Collection("referrals")]
public sealed class RaceTests(ReferralsFixture city)
{
    private const int Clients = 2000;

    private sealed record Answered(Guid Id, HttpStatusCode Status, JsonElement Body)
    {
        public string? Code => Body.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    [Fact]
    public async Task For_the_last_slots_of_a_day()
    {
        const int Slots = 50;
        var (hospital, residents) = (await city.Hospital(), await city.Residents(Clients));
        var (date, next) = (await city.Day(hospital, 20, familyDoctor: Slots), await city.Day(hospital, 21));
        var drafts = await Ask(residents, (_, id) => ("/referrals", ReferralsFixture.Draft(id, hospital)), HttpStatusCode.Created);
        await Talking.Until(async () => (await Days(hospital, next)).Items.Count == 1);

        var answers = await Ask([.. drafts.Select(d => d.Body.GetProperty("id").GetGuid())], (_, id) => ($"/referrals/{id}/hold", new { date }), null);

        var won = answers.Where(a => a.Status is HttpStatusCode.OK).ToList();
        Assert.Equal(Slots, won.Count);
        foreach (var lost in answers.Except(won))
        {
            Assert.Equal((HttpStatusCode.Conflict, "QUOTA_EXHAUSTED"), (lost.Status, lost.Code));
            Assert.Equal([$"{next:O}"], lost.Body.GetProperty("nextDates").EnumerateArray().Select(d => d.GetString()));
        }
        var starts = await Task.WhenAll(won.Select(async w => (await city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{w.Id}"))!.SlotStart));
        Assert.Equal(Slots, starts.Distinct().Count());
        var day = await Talking.Eventually<QuotaPage>(async () => await Days(hospital, date), p => p.Items[0].FamilyDoctorTaken == Slots);
        Assert.Equal(0, day.Items[0].PublicTaken);
    }

    [Fact]
    public async Task For_the_last_slots_of_a_device()
    {
        const int Slots = 20;
        var (hospital, residents, date) = (await city.Hospital(), await city.Residents(Clients), city.Today.AddDays(5));
        await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 20, slots = Slots });

        var answers = await Ask(residents, (_, id) => ("/exams", new { residentId = id, hospitalId = hospital, modality = "MRI", date, bodySite = "knee" }), null);

        var won = answers.Where(a => a.Status is HttpStatusCode.Created).ToList();
        Assert.Equal(Slots, won.Count);
        Assert.All(answers.Except(won), lost => Assert.Equal((HttpStatusCode.Conflict, "QUOTA_EXHAUSTED"), (lost.Status, lost.Code)));
        var starts = await Task.WhenAll(won.Select(async w =>
            (await city.Clinic.GetFromJsonAsync<ExamDetails>($"/exams/{w.Body.GetProperty("id").GetGuid()}"))!.SlotStart));
        Assert.Equal(Slots, starts.Distinct().Count());
    }

    private async Task<QuotaPage> Days(Guid hospital, DateOnly date) =>
        (await city.Clinic.GetFromJsonAsync<QuotaPage>($"/quotas?hospitalId={hospital}&service=cardiology&from={date:O}&to={date:O}"))!;

    /// <summary>All at once, by turns of one instance and the other; whoever hears that the service is busy asks again, as any client would.</summary>
    private async Task<IReadOnlyList<Answered>> Ask(IReadOnlyList<Guid> ids, Func<int, Guid, (string Path, object Body)> ask, HttpStatusCode? expected)
    {
        var clients = new[] { city.Clinic, (await city.Second()).Client(Role.Clinic) };
        return await Task.WhenAll(ids.Select(async (id, i) =>
        {
            while (true)
            {
                var (path, body) = ask(i, id);
                using var answer = await clients[i % 2].PostAsJsonAsync(path, body);
                if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
                    continue;
                Assert.True(expected is null || answer.StatusCode == expected, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                return new Answered(id, answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
            }
        }));
    }
}
