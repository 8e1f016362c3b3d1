using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>Every refusal of this service as a caller sees it: its status and its code.</summary>
[Collection("referrals")]
public sealed class CodesOverHttpTests(ReferralsFixture city)
{
    private static object Exam(Guid resident, Guid hospital, DateOnly date, object? safety = null, string modality = "MRI") =>
        new { residentId = resident, hospitalId = hospital, modality, date, bodySite = "knee", safety };

    /// <summary>Whoever adds a code says here where a caller meets it.</summary>
    [Fact]
    public void No_code_is_left_out()
    {
        var source = File.ReadAllText(Path.Combine(SourceTree.Root, "tests/Referrals.Tests/CodesOverHttpTests.cs"));
        Assert.All(ReferralsCodes.Statuses, code => Assert.Matches($"Refuses\\({code.Value}, \"{code.Key}\"", source));
    }

    [Fact]
    public async Task Those_of_referrals()
    {
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        var date = await city.Day(hospital, familyDoctor: 1);
        await city.Clinic.Refuses(422, "NO_ACTIVE_CONTRACT", "/referrals", ReferralsFixture.Draft(Guid.CreateVersion7(), hospital));
        await city.First.ClientOf("desk", $"{Guid.CreateVersion7()}", Role.Clinic).Refuses(403, "NOT_PANEL_GP", "/referrals", ReferralsFixture.Draft(resident, hospital));
        await city.Clinic.Refuses(422, "SERVICE_NOT_OFFERED", "/referrals", ReferralsFixture.Draft(resident, Guid.CreateVersion7()));
        await city.Clinic.Refuses(422, "LEVEL_SKIP_REASON_REQUIRED", "/referrals", ReferralsFixture.Draft(resident, await city.Hospital(level: 3)));
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital))).Id;
        var duplicate = await city.Clinic.Refuses(409, "DUPLICATE_REFERRAL", "/referrals", ReferralsFixture.Draft(resident, hospital));
        Assert.Equal((id, $"/referrals/{id}/merger"), (duplicate.GetProperty("referralId").GetGuid(), duplicate.GetProperty("merge").GetString()));
        await city.Clinic.Refuses(422, "CHECKLIST_INCOMPLETE", $"/referrals/{id}/submission");
        await city.Desk.Refuses(409, "INVALID_TRANSITION", $"/referrals/{id}/acceptance");
        await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", $"/referrals/{id}/hold", new { date = date.AddDays(1) });
        await city.Clinic.Do($"/referrals/{id}/hold", new { date });
        await city.Clinic.Do($"/referrals/{id}/submission", new { consentRef = "consent-1" });
        await city.Desk.Do($"/referrals/{id}/acceptance");
        await city.Desk.Refuses(422, "SLOT_NOT_DUE", $"/referrals/{id}/no-show");
        await city.Desk.Do($"/referrals/{id}/arrival", new { admitted = false });
        await city.Desk.Do($"/referrals/{id}/outcome", new { disposition = "treated" });
        await city.Desk.Refuses(409, "OUTCOME_ALREADY_RETURNED", $"/referrals/{id}/outcome", new { disposition = "treated" });
    }

    [Fact]
    public async Task Those_of_documents_and_slips()
    {
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), await city.Hospital()))).Id;
        await city.Clinic.Refuses(422, "DOCUMENT_TYPE_MISMATCH", $"/referrals/{id}/documents?kind=letter", Talking.File(SampleFiles.Png, "application/pdf"));
        await city.Clinic.Refuses(422, "DOCUMENT_DAMAGED", $"/referrals/{id}/documents?kind=letter", Talking.File(SampleFiles.Pdf[..200], "application/pdf"));
        await city.Clinic.Refuses(409, "SLIP_NOT_READY", $"/referrals/{id}/slip", method: "GET");
    }

    [Fact]
    public async Task Those_of_withdrawn_slots()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital, familyDoctor: 1);
        var book = QuotaBook.StreamOf(hospital, "cardiology", date);
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        await city.Clinic.Do($"/referrals/{id}/hold", new { date });
        await city.Desk.Refuses(422, "RULE_VIOLATION", $"/quotas/{book}/withdrawal", new { slots = new[] { 9 }, reason = "doctorIll" });
        await city.Desk.Refuses(404, "NOT_FOUND", $"/quotas/{Guid.CreateVersion7()}/withdrawal", new { slots = new[] { 0 }, reason = "doctorIll" });
        await city.Desk.Do($"/quotas/{book}/withdrawal", new { slots = new[] { 0 }, reason = "doctorIll" });
        await city.Clinic.Refuses(409, "SLOT_WITHDRAWN", $"/referrals/{id}/submission", new { consentRef = "consent-1" });
        var full = await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", $"/referrals/{id}/hold", new { date });
        Assert.Equal(0, full.GetProperty("waitlist").GetInt64());
    }

    [Fact]
    public async Task Those_of_the_clock()
    {
        var hospital = await city.Hospital();
        var id = await city.Sent(hospital, await city.Day(hospital, inDays: 15));
        var unanswered = await city.Sent(hospital, city.Today.AddDays(15));
        var draft = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        var date = city.Today.AddDays(15);
        await city.Desk.Do($"/referrals/{id}/acceptance");
        city.Clock.Now = city.Clock.Now.AddDays(47);
        await city.Desk.Refuses(422, "AUTHORISATION_EXPIRED", $"/referrals/{id}/arrival", new { admitted = false });
        await city.Desk.Refuses(409, "HOLD_EXPIRED", $"/referrals/{unanswered}/acceptance");
        await city.Clinic.Refuses(409, "POOL_CLOSED", $"/referrals/{draft}/hold", new { date });
    }

    [Fact]
    public async Task Those_of_the_way_back()
    {
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        await city.Desk.Refuses(422, "NO_ACTIVE_CONTRACT", "/down-referrals", new { residentId = Guid.CreateVersion7(), hospitalId = hospital });
        await city.Desk.Refuses(404, "NOT_FOUND", "/down-referrals", new { residentId = resident, hospitalId = hospital, upReferralId = Guid.CreateVersion7() });
        var up = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital))).Id;
        await city.Desk.Refuses(422, "RULE_VIOLATION", "/down-referrals", new { residentId = await city.Resident(), hospitalId = hospital, upReferralId = up });
        var id = (await city.Desk.Do("/down-referrals", new { residentId = resident, hospitalId = hospital, upReferralId = up, familyBedSuggested = true })).Id;
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/down-referrals/{id}/first-contact", new { mode = "phone" });
        await city.Clinic.Do($"/down-referrals/{id}/acceptance");
        await city.Clinic.Refuses(409, "FIRST_CONTACT_MISSING", $"/down-referrals/{id}/closure");
        await city.Clinic.Do($"/down-referrals/{id}/first-contact", new { mode = "phone" });
        await city.Clinic.Do($"/down-referrals/{id}/closure");
        var feed = await city.Feed(id);
        Assert.Equal(["DownReferralProposed", "DownReferralAccepted", "FirstContactMade", "DownReferralClosed"], feed.Select(i => i.Type));
        Assert.All(feed, i => Assert.Equal(Sample.Institution, i.Message.GetProperty("downReferral").GetProperty("ownerOrganizationId").GetGuid()));
        Assert.Equal("phone", feed[2].Message.GetProperty("mode").GetString());
    }

    [Fact]
    public async Task Those_of_exams()
    {
        var (hospital, resident, date) = (await city.Hospital(), await city.Resident(), city.Today.AddDays(5));
        var book = new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 30, slots = 1 };
        await city.Desk.Do("/exam-books", book);
        await city.Desk.Do("/exam-books", book);
        await city.Desk.Refuses(422, "SERVICE_NOT_OFFERED", "/exam-books",
            new { hospitalId = hospital, modality = "CT", date, firstSlot = "08:00", slotMinutes = 30, slots = 1 });
        await city.Clinic.Refuses(422, "NO_ACTIVE_CONTRACT", "/exams", Exam(Guid.CreateVersion7(), hospital, date));
        await city.Clinic.Refuses(422, "SERVICE_NOT_OFFERED", "/exams", Exam(resident, hospital, date, modality: "CT"));
        await city.Clinic.Refuses(422, "EXAM_CONTRAINDICATED", "/exams", Exam(resident, hospital, date, new { implant = true }));
        await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", "/exams", Exam(resident, hospital, date.AddDays(1)));
        var id = (await city.Clinic.Do("/exams", Exam(resident, hospital, date))).Id;
        var duplicate = await city.Clinic.Refuses(409, "DUPLICATE_EXAM", "/exams", Exam(resident, hospital, date));
        Assert.Equal(id, duplicate.GetProperty("examId").GetGuid());
        await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", "/exams", Exam(await city.Resident(), hospital, date));
        await city.Desk.Refuses(422, "SLOT_NOT_DUE", $"/exams/{id}/no-show");
        await city.Clinic.Do($"/exams/{id}/cancellation", new { reason = "resident" });

        id = (await city.Clinic.Do("/exams", Exam(resident, hospital, date))).Id; // the slot and the resident are free again
        await city.Desk.Do($"/exams/{id}/confirmation");
        await city.Desk.Refuses(409, "INVALID_TRANSITION", $"/exams/{id}/report", new { critical = false });
        await city.Desk.Do($"/exams/{id}/arrival");
        await city.Desk.Do($"/exams/{id}/performance");
        await city.Desk.Do($"/exams/{id}/report", new { critical = true, report = "样例 sample" });
        await city.Clinic.Do($"/exams/{id}/acknowledgement");
        Assert.Equal(["ExamBooked", "ExamConfirmed", "ExamArrived", "ExamPerformed", "ExamReportReturned", "CriticalResultFlagged", "ExamCriticalAcknowledged",
            "ExamAcknowledged"], (await city.Feed(id)).Select(i => i.Type));
    }
}
