using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests.Reaching;

/// <summary>A case is its institution's, and the hospital's from the moment it is sent.</summary>
[Collection("referrals")]
public sealed class ReferralsReachTests(ReferralsFixture city)
{
    private HttpClient Own => city.First.Scoped(Role.Clinic, Sample.Institution);
    private HttpClient OtherClinic => city.First.Scoped(Role.Clinic, Guid.CreateVersion7());
    private HttpClient OtherHospital => city.First.Scoped(Role.Hospital, Guid.CreateVersion7());

    [Fact]
    public async Task A_referral_is_its_institution_s_and_from_its_submission_on_the_hospital_s()
    {
        var hospital = await city.Hospital();
        var (desk, date, resident) = (city.First.Scoped(Role.Hospital, hospital), await city.Day(hospital), await city.Resident());
        await OtherClinic.Refuses(404, "NOT_FOUND", "/referrals", ReferralsFixture.Draft(resident, hospital));
        var id = (await Own.Do("/referrals", ReferralsFixture.Draft(resident, hospital))).Id;
        await Own.Do($"/referrals/{id}/hold", new { date });
        await desk.Refuses(404, "NOT_FOUND", $"/referrals/{id}", method: "GET");
        await Own.Do($"/referrals/{id}/submission", new { consentRef = "consent-1" });
        var letter = (await Own.GetFromJsonAsync<JsonElement>($"/referrals/{id}")).GetProperty("letters")[0].GetGuid();
        var sent = (await Own.GetFromJsonAsync<HistoryPage>($"/history/{id}"))!.Items[^1].EventId;
        foreach (var path in (string[])[$"/referrals/{id}", $"/referrals/{id}/documents/{letter}", $"/history/{id}", $"/history/events/{sent}"])
        {
            Assert.Equal(HttpStatusCode.OK, (await Own.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(path)).StatusCode);
            foreach (var somebody in new[] { OtherClinic, OtherHospital, city.First.Scoped(Role.Hospital), city.First.Scoped(Role.Clinic) })
                await somebody.Refuses(404, "NOT_FOUND", path, method: "GET");
        }
        await OtherHospital.Refuses(404, "NOT_FOUND", $"/referrals/{id}/acceptance");
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/referrals/{id}/cancellation", new { reason = "recovered" });
        await desk.Do($"/referrals/{id}/acceptance");
    }

    [Fact]
    public async Task A_hospital_that_sent_a_referral_on_still_gets_its_answer_and_the_next_one_has_it()
    {
        var (first, second) = (await city.Hospital(), await city.Hospital());
        var (desk, next) = (city.First.Scoped(Role.Hospital, first), city.First.Scoped(Role.Hospital, second));
        var id = await city.Sent(first, await city.Day(first));
        await next.Refuses(404, "NOT_FOUND", $"/referrals/{id}", method: "GET");
        await desk.Do($"/referrals/{id}/decline", new { reason = "wrongService", redirectTo = second });
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync($"/referrals/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync($"/referrals/{id}")).StatusCode);
    }

    [Fact]
    public async Task Lists_and_days_of_slots_are_an_organisation_s_own()
    {
        var hospital = await city.Hospital();
        var (desk, date) = (city.First.Scoped(Role.Hospital, hospital), city.Today.AddDays(20));
        var quota = new { hospitalId = hospital, service = "cardiology", date, firstSlot = "08:00", slotMinutes = 10, familyDoctor = 3, urgent = 1, @public = 2 };
        await OtherHospital.Refuses(404, "NOT_FOUND", "/quotas", quota);
        var book = (await desk.Do("/quotas", quota)).Id;
        await OtherHospital.Refuses(404, "NOT_FOUND", $"/quotas/{book}/withdrawal", new { slots = new[] { 0 }, reason = "illness" });
        await OtherHospital.Refuses(404, "NOT_FOUND", $"/worklists/hospital?hospitalId={hospital}", method: "GET");
        await OtherHospital.Refuses(404, "NOT_FOUND", $"/worklists/exams?hospitalId={hospital}", method: "GET");
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/worklists/team?institutionId={Sample.Institution}", method: "GET");
        await OtherClinic.Refuses(403, "FORBIDDEN_SCOPE", "/worklists/team", method: "GET");
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync($"/worklists/hospital?hospitalId={hospital}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Own.GetAsync($"/worklists/team?institutionId={Sample.Institution}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await OtherClinic.GetAsync($"/quotas?hospitalId={hospital}&service=cardiology&from={date:O}&to={date:O}")).StatusCode);
        await city.First.Scoped(Role.Commission).Refuses(403, "PURPOSE_REQUIRED", "/worklists/district?districtCode=330203", method: "GET");
    }

    [Fact]
    public async Task A_way_back_is_the_hospital_s_and_the_institution_s_that_takes_him_back()
    {
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        var desk = city.First.Scoped(Role.Hospital, hospital);
        await OtherHospital.Refuses(404, "NOT_FOUND", "/down-referrals", new { residentId = resident, hospitalId = hospital });
        var id = (await desk.Do("/down-referrals", new { residentId = resident, hospitalId = hospital })).Id;
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync($"/down-referrals/{id}")).StatusCode);
        await OtherHospital.Refuses(404, "NOT_FOUND", $"/down-referrals/{id}", method: "GET");
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/down-referrals/{id}/acceptance");
        await Own.Do($"/down-referrals/{id}/acceptance");
    }

    [Fact]
    public async Task An_exam_is_its_institution_s_and_its_hospital_s()
    {
        var (hospital, resident, date) = (await city.Hospital(), await city.Resident(), city.Today.AddDays(3));
        var book = new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 30, slots = 2 };
        await OtherHospital.Refuses(404, "NOT_FOUND", "/exam-books", book);
        await city.First.Scoped(Role.Hospital, hospital).Do("/exam-books", book);
        var exam = new { residentId = resident, hospitalId = hospital, modality = "MRI", date, bodySite = "head" };
        await OtherClinic.Refuses(404, "NOT_FOUND", "/exams", exam);
        var id = (await Own.Do("/exams", exam)).Id;
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/exams/{id}", method: "GET");
        await OtherHospital.Refuses(404, "NOT_FOUND", $"/exams/{id}/confirmation");
        await city.First.Scoped(Role.Hospital, hospital).Do($"/exams/{id}/confirmation");
    }

    [Fact]
    public async Task Broken_glass_opens_a_resident_s_cases_of_this_service()
    {
        var hospital = await city.Hospital();
        var (id, doctor) = (await city.Sent(hospital, await city.Day(hospital)), city.First.Scoped(Role.Hospital, Guid.CreateVersion7(), "a doctor on duty"));
        var resident = (await city.Clinic.GetFromJsonAsync<JsonElement>($"/referrals/{id}")).GetProperty("residentId").GetGuid();
        await doctor.Refuses(404, "NOT_FOUND", $"/referrals/{id}", method: "GET");
        await doctor.Do($"/residents/{resident}/break-glass", new { reason = "emergency" });
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync($"/referrals/{id}")).StatusCode);
        await doctor.Refuses(404, "NOT_FOUND", $"/residents/{Guid.CreateVersion7()}/break-glass", new { reason = "emergency" });
        var kept = await Talking.Eventually(() => city.First.Scoped(Role.Commission).GetFromJsonAsync<AccessPage>($"/accesses?residentId={resident}"), p => p.Items.Count == 2);
        Assert.Equal(["breakGlass", "emergency"], kept.Items.Select(i => i.Why).Order());
    }
}
