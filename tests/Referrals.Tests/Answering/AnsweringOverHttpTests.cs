using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests.Answering;

/// <summary>Everything a hospital can answer, and what the two sides then see on their lists.</summary>
[Collection("referrals")]
public sealed class AnsweringOverHttpTests(ReferralsFixture city)
{
    [Fact]
    public async Task The_clock_stands_while_the_hospital_waits_for_information()
    {
        var hospital = await city.Hospital();
        var id = await city.Sent(hospital, await city.Day(hospital, 60));
        await city.Desk.Do($"/referrals/{id}/information-request", new { missing = new[] { "ecg" }, question = "样例问题 sample question" });
        await Sees(id, TeamTask.Information, null);
        city.Clock.Now = city.Clock.Now.AddDays(21);
        await city.Clinic.Do($"/referrals/{id}/information", new { clinicalSummary = "样例心电图 sample ecg", conditionCodes = new[] { "I21" } });
        var after = await Details(id);
        Assert.Equal((ReferralStatus.Submitted, 0), (after.Status, after.OverdueLevel));
        Assert.True(after.ResponseDueAt > city.Clock.Now);
        Assert.Equal(["I20", "I21"], after.ConditionCodes);
        Assert.Equal(["样例摘要 sample summary", "样例问题 sample question", "样例心电图 sample ecg"],
            await Task.WhenAll(after.Letters.Select(l => city.Desk.GetStringAsync($"/referrals/{id}/documents/{l}"))));
        await Sees(id, null, DeskTask.Triage);
        await city.Desk.Do($"/referrals/{id}/acceptance");
        Assert.Equal(["ReferralSubmitted", "ReferralReturnedForInformation", "ReferralInformationSupplied", "ReferralScheduled", "ReferralAuthorised"],
            (await city.Feed(id)).Select(i => i.Type));
    }

    [Fact]
    public async Task Who_waits_is_seen_or_three_offices_hear_of_it_and_nobody_drops_him()
    {
        var hospital = await city.Hospital();
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        await city.Clinic.Do($"/referrals/{id}/submission", new { consentRef = "consent-1", waitlist = true });
        await city.Desk.Refuses(422, "CHECKLIST_INCOMPLETE", $"/referrals/{id}/acceptance");
        await city.Desk.Do($"/referrals/{id}/waitlisting", new { targetBy = city.Today.AddDays(10) });
        await Sees(id, null, DeskTask.Waitlist);
        var draft = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        var full = await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", $"/referrals/{draft}/hold", new { date = city.Today.AddDays(1) });
        Assert.Equal(1, full.GetProperty("waitlist").GetInt64());

        city.Clock.Now = city.Clock.Now.AddDays(200); // other systems drop whoever waits half a year
        await Talking.Eventually(async () => await city.Feed(id), f => f.Count(i => i.Type == "ReferralOverdue") == 3);
        await Sees(id, TeamTask.Overdue, DeskTask.Waitlist);
        var breaches = await Talking.Eventually(() => city.First.Client(Role.Commission).GetFromJsonAsync<WorkPage<DistrictWorklist>>(
            "/worklists/district?districtCode=330203&level=3&limit=200"), p => p.Items.Any(b => b.Id == id));
        Assert.Equal(breaches.Items.Select(b => b.DueAt).Order(), breaches.Items.Select(b => b.DueAt));
        Assert.Equal((Breach.Referral, "commission"), (breaches.Items.Single(b => b.Id == id).Task, breaches.Items.Single(b => b.Id == id).EscalatedTo));
        var date = await city.Day(hospital, 20);
        await city.Desk.Do($"/referrals/{id}/acceptance", new { date });
        var after = await Details(id);
        Assert.Equal((ReferralStatus.Scheduled, date), (after.Status, after.SlotDate));
        await Sees(id, null, DeskTask.Arrival);
        await Talking.Until(async () => (await city.First.Client(Role.Commission).GetFromJsonAsync<WorkPage<DistrictWorklist>>(
            "/worklists/district?districtCode=330203&level=3&limit=200"))!.Items.All(b => b.Id != id));
    }

    [Fact]
    public async Task A_referral_that_is_another_hospital_s_is_sent_on_with_a_clock_of_its_own()
    {
        var (first, second) = (await city.Hospital(), await city.Hospital(level: 3));
        var date = await city.Day(first, familyDoctor: 1);
        var id = await city.Sent(first, date);
        await city.Desk.Refuses(422, "SERVICE_NOT_OFFERED", $"/referrals/{id}/decline", new { reason = "notOurs", redirectTo = Guid.CreateVersion7() });
        await city.Desk.Do($"/referrals/{id}/decline", new { reason = "notOurs", redirectTo = second, advice = "样例建议 sample advice" });
        var sentOn = await Details(id);
        Assert.Equal((ReferralStatus.Submitted, second, second, null), (sentOn.Status, sentOn.HospitalId, sentOn.OwnerOrganizationId, sentOn.SlotDate));
        Assert.Equal([first], sentOn.SentOnBy);
        await city.Sent(first, date); // the slot is free again
        var other = await city.Day(second);
        await city.Clinic.Do($"/referrals/{id}/hold", new { date = other });
        await city.Desk.Do($"/referrals/{id}/acceptance");
        var authorised = (await History(id)).Items.Single(e => e.Type == "referral_authorised").Facts;
        Assert.Equal((1, 3), (authorised.GetProperty("fromLevel").GetInt32(), authorised.GetProperty("toLevel").GetInt32()));
        var redirected = (await city.Feed(id)).Single(i => i.Type == "ReferralRedirected").Message;
        Assert.Equal((first, second), (redirected.GetProperty("fromHospital").GetGuid(), redirected.GetProperty("referral").GetProperty("hospitalId").GetGuid()));
    }

    [Fact]
    public async Task Advice_instead_of_a_visit_is_read_and_closes_the_referral()
    {
        var hospital = await city.Hospital();
        var id = await city.Sent(hospital, await city.Day(hospital));
        await city.Desk.Do($"/referrals/{id}/advice", new { advice = "样例建议 sample advice" });
        await Sees(id, TeamTask.Advice, null);
        Assert.Equal("样例建议 sample advice", await city.Clinic.GetStringAsync($"/referrals/{id}/documents/{(await Details(id)).AdviceRef}"));
        await city.Clinic.Do($"/referrals/{id}/acknowledgement");
        Assert.Equal(("ReferralClosed", false), ((await city.Feed(id))[^1].Type, (await city.Feed(id))[^1].Message.GetProperty("closedLoop").GetBoolean()));
    }

    [Fact]
    public async Task Whoever_had_a_withdrawn_slot_is_told_and_gets_another()
    {
        var hospital = await city.Hospital();
        var (date, other) = (await city.Day(hospital, familyDoctor: 4), await city.Day(hospital, 22));
        var (booked, sent, untouched) = (await city.Sent(hospital, date), await city.Sent(hospital, date), await city.Sent(hospital, date));
        await city.Desk.Do($"/referrals/{booked}/acceptance");
        var book = QuotaBook.StreamOf(hospital, "cardiology", date);
        await city.Desk.Do($"/quotas/{book}/withdrawal", new { slots = new[] { 0, 1 }, reason = "doctorIll" });
        foreach (var id in new[] { booked, sent })
        {
            await Talking.Eventually(async () => await Details(id), d => d.Status is ReferralStatus.RebookRequired);
            await Sees(id, TeamTask.Rebook, null);
            await city.Clinic.Do($"/referrals/{id}/rescheduling", new { date = other });
        }
        Assert.Equal([ReferralStatus.Scheduled, ReferralStatus.Submitted, ReferralStatus.Submitted],
            new[] { await Details(booked), await Details(sent), await Details(untouched) }.Select(d => d.Status));
        Assert.Equal((other, other, date), ((await Details(booked)).SlotDate, (await Details(sent)).SlotDate, (await Details(untouched)).SlotDate));
        var day = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<QuotaPage>($"/quotas?hospitalId={hospital}&service=cardiology&from={date:O}&to={date:O}"),
            p => p.Items is [{ Withdrawn: 2, FamilyDoctorTaken: 1 }]);
        Assert.Equal((2, 1, 2), (day.Items[0].FamilyDoctor, day.Items[0].Urgent, day.Items[0].Public));
        var withdrawn = (await city.Feed(book)).Single(i => i.Type == "SlotsWithdrawn").Message;
        Assert.Equal(("doctorIll", 2), (withdrawn.GetProperty("reason").GetString(), withdrawn.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Who_did_not_come_gets_another_slot_or_the_loop_is_closed_with_a_reason()
    {
        var hospital = await city.Hospital();
        var (date, other) = (await city.Day(hospital, 15), await city.Day(hospital, 25));
        var id = await city.Sent(hospital, date);
        await city.Desk.Do($"/referrals/{id}/acceptance");
        city.Clock.Now = city.Clock.Now.AddDays(15).AddHours(8);
        await city.Desk.Do($"/referrals/{id}/no-show");
        await Sees(id, TeamTask.NoShow, null);
        await city.Clinic.Do($"/referrals/{id}/rebooking", new { date = other });
        Assert.Equal((ReferralStatus.Scheduled, other, 1), ((await Details(id)).Status, (await Details(id)).SlotDate, (await Details(id)).Rebookings));
        city.Clock.Now = city.Clock.Now.AddDays(10);
        await city.Desk.Do($"/referrals/{id}/no-show");
        await city.Clinic.Do($"/referrals/{id}/closure", new { reason = "doesNotWant" });
        Assert.Equal(ReferralStatus.Closed, (await Details(id)).Status);
    }

    [Fact]
    public async Task What_else_is_needed_goes_with_the_referral_under_way_or_has_a_reason()
    {
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital))).Id;
        await city.Clinic.Do($"/referrals/{id}/merger", new { reasonCode = "palpitations", conditionCodes = new[] { "R00" }, clinicalSummary = "样例补充 sample addition" });
        Assert.Equal((2, 2), ((await Details(id)).ConditionCodes.Count, (await Details(id)).Letters.Count));
        var second = (await city.Clinic.Do("/referrals", new
        {
            residentId = resident,
            hospitalId = hospital,
            service = "cardiology",
            priority = "routine",
            reasonCode = "preoperative",
            duplicateReason = "otherComplaint",
        })).Id;
        Assert.Equal(id, (await Details(second)).DuplicateOf);
    }

    [Fact]
    public async Task The_history_says_what_happened_when_by_whom_and_why()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital, 30);
        var id = await city.Sent(hospital, date);
        city.Clock.Now = city.Clock.Now.AddDays(10);
        await Talking.Eventually(async () => await city.Feed(id), f => f.Any(i => i.Type == "ReferralOverdue"));
        var history = await History(id);
        Assert.Equal(["referral_drafted", "referral_slot_held", "referral_submitted", "referral_overdue"], history.Items.Take(4).Select(e => e.Type));
        Assert.Equal(Enumerable.Range(1, history.Items.Count).Select(v => (long)v), history.Items.Select(e => e.Version));
        Assert.Equal((new Actor("tester", Role.Clinic), Actor.Clock), (history.Items[2].Actor, history.Items[3].Actor));
        // Why is it overdue? Because nobody has answered since it was sent.
        Assert.Equal(history.Items[2].EventId, history.Items[3].SetBy);
        Assert.All(history.Items, e => Assert.True(e.EventId != Guid.Empty && e.CorrelationId.Length > 0));
        Assert.DoesNotContain("sample summary", history.Items[0].Facts.ToString(), StringComparison.Ordinal);
        var page = await city.Clinic.GetFromJsonAsync<HistoryPage>($"/history/{id}?after=1&limit=1");
        Assert.Equal(("referral_slot_held", 2L), (page!.Items.Single().Type, page.Next));
        Assert.Equal(["quota_published", "slot_held", "slot_requested"],
            (await city.Clinic.GetFromJsonAsync<HistoryPage>($"/hospitals/{hospital}/quotas/cardiology/{date:yyyy-MM-dd}/history"))!.Items.Select(e => e.Type));
    }

    [Fact]
    public async Task A_critical_result_is_on_the_team_s_list_until_somebody_knows_of_it()
    {
        var (hospital, resident, date) = (await city.Hospital(), await city.Resident(), city.Today.AddDays(3));
        await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 30, slots = 2 });
        var id = (await city.Clinic.Do("/exams", new { residentId = resident, hospitalId = hospital, modality = "MRI", date, bodySite = "head" })).Id;
        await Desk(ExamTask.Confirm);
        await city.Desk.Do($"/exams/{id}/confirmation");
        await city.Desk.Do($"/exams/{id}/arrival");
        await Desk(ExamTask.Perform);
        await city.Desk.Do($"/exams/{id}/performance");
        await city.Desk.Do($"/exams/{id}/report", new { critical = true });
        await Talking.Until(async () => (await city.Desk.GetFromJsonAsync<WorkPage<ExamDesk>>($"/worklists/exams?hospitalId={hospital}"))!.Items.Count == 0);
        var row = await Mine(id, r => r.Critical);
        Assert.Equal((TeamTask.Report, city.Clock.Now.AddHours(2)), (row.Task, row.DueAt));
        city.Clock.Now = city.Clock.Now.AddHours(3);
        await Talking.Eventually(async () => await city.Feed(id), f => f.Any(i => i.Type == "CriticalResultOverdue"));
        await city.Clinic.Do($"/exams/{id}/critical-acknowledgement");
        await Mine(id, r => !r.Critical);
        await city.Clinic.Do($"/exams/{id}/acknowledgement");

        var unsafeId = (await city.Clinic.Do("/exams", new { residentId = await city.Resident(), hospitalId = hospital, modality = "MRI", date = city.Today.AddDays(3), bodySite = "head" })).Id;
        await city.Desk.Do($"/exams/{unsafeId}/rejection", new { reason = "implant" });
        Assert.Equal(["ExamBooked", "ExamRejected"], (await city.Feed(unsafeId)).Select(i => i.Type));

        async Task Desk(ExamTask task) => await Talking.Eventually(
            () => city.Desk.GetFromJsonAsync<WorkPage<ExamDesk>>($"/worklists/exams?hospitalId={hospital}&modality=MRI&task={task}"), p => p.Items is [var one] && one.Id == id);
    }

    [Fact]
    public async Task A_way_back_has_one_owner_whatever_happens()
    {
        var (hospital, near, resident) = (await city.Hospital(), await city.Institution(), Guid.CreateVersion7());
        var id = (await city.Desk.Do("/down-referrals", new { residentId = resident, hospitalId = hospital, institutionId = near })).Id;
        await Owner(near);
        var work = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<WorkPage<TeamWorklist>>($"/worklists/team?institutionId={near}"), p => p.Items.Count == 1);
        Assert.Equal((id, TeamTask.TakeBack, null), (work.Items[0].Id, work.Items[0].Task, work.Items[0].TeamId));
        await city.Clinic.Do($"/down-referrals/{id}/decline", new { reason = "noRehabilitation" });
        await Owner(hospital);
        var other = await city.Institution();
        await city.Desk.Refuses(422, "RULE_VIOLATION", $"/down-referrals/{id}/reassignment", new { institutionId = near, reason = "again" });
        await city.Desk.Do($"/down-referrals/{id}/reassignment", new { institutionId = other, reason = "hasRehabilitation" });
        await Owner(other);
        city.Clock.Now = city.Clock.Now.AddHours(49);
        await Talking.Eventually(async () => await city.Feed(id), f => f.Any(i => i.Type == "DownReferralOverdue"));
        await Owner(other);
        await city.Clinic.Do($"/down-referrals/{id}/acceptance");
        Assert.Equal(["DownReferralProposed", "DownReferralDeclined", "DownReferralReassigned", "DownReferralOverdue", "DownReferralAccepted"],
            (await city.Feed(id)).Select(i => i.Type));

        async Task Owner(Guid organization) =>
            Assert.Equal(organization, (await city.Desk.GetFromJsonAsync<DownReferralDetails>($"/down-referrals/{id}"))!.OwnerOrganizationId);
    }

    [Fact]
    public async Task What_is_under_way_follows_the_resident_to_his_new_team_and_ends_with_his_death()
    {
        var (hospital, resident, team) = (await city.Hospital(), await city.Resident(), Guid.CreateVersion7());
        var (date, day) = (await city.Day(hospital), city.Today.AddDays(4));
        await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date = day, firstSlot = "08:00", slotMinutes = 30, slots = 1 });
        var exam = (await city.Clinic.Do("/exams", new { residentId = resident, hospitalId = hospital, modality = "MRI", date = day, bodySite = "head" })).Id;
        var referral = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital))).Id;
        await city.Clinic.Do($"/referrals/{referral}/hold", new { date });
        await city.Clinic.Do($"/referrals/{referral}/submission", new { consentRef = "consent-1" });
        var way = (await city.Desk.Do("/down-referrals", new { residentId = resident, hospitalId = hospital })).Id;
        await Mine(way, _ => true);

        var moved = city.Transferred(resident, team, version: 5);
        await city.Publish(moved);
        await city.Publish(moved);
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<DownReferralDetails>($"/down-referrals/{way}"), d => d.TeamId == team);
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<ExamDetails>($"/exams/{exam}"), d => d.TeamId == team);
        await Talking.Eventually(async () => await Details(referral), d => d.TeamId == team);
        await city.Publish(city.Died(resident, version: 6));
        await Talking.Eventually(async () => await Details(referral), d => d.Status is ReferralStatus.Cancelled);
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<ExamDetails>($"/exams/{exam}"), d => d.Status is ExamStatus.Cancelled);
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<DownReferralDetails>($"/down-referrals/{way}"), d => d.Status is DownReferralStatus.Closed);
        Assert.Single(await city.Feed(referral), i => i.Type == "ReferralOwnerChanged"); // the message came twice
        await city.Sent(hospital, date);
        await city.Clinic.Do("/exams", new { residentId = await city.Resident(), hospitalId = hospital, modality = "MRI", date = day, bodySite = "head" });
    }

    private async Task<ReferralDetails> Details(Guid id) => (await city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}"))!;

    private async Task<HistoryPage> History(Guid id) => (await city.Clinic.GetFromJsonAsync<HistoryPage>($"/history/{id}"))!;

    /// <summary>What the team and the hospital's desk have to do about a referral; null: nothing.</summary>
    private async Task Sees(Guid id, TeamTask? team, DeskTask? desk)
    {
        var hospital = (await Details(id)).HospitalId;
        if (team is { } task)
            await Mine(id, r => r.Task == task);
        await Talking.Until(async () => (await city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}"))!
            .Items.FirstOrDefault(r => r.Id == id)?.Task == desk);
    }

    /// <summary>The row of the team's list, which other tests fill too.</summary>
    private Task<TeamWorklist> Mine(Guid id, Func<TeamWorklist, bool> until) => Talking.Eventually(async () =>
    {
        for (string? after = ""; after is not null;)
        {
            var page = (await city.Clinic.GetFromJsonAsync<WorkPage<TeamWorklist>>($"/worklists/team?teamId={Sample.Team}&limit=200{after}"))!;
            if (page.Items.FirstOrDefault(r => r.Id == id) is { } row)
                return row;
            after = page.Next is null ? null : $"&after={page.Next}";
        }
        return null;
    }, until);
}
