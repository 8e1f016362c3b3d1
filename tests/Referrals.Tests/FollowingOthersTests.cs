using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>What the service does when others say something: twice, late, in any order, of nobody it knows, and after the end.</summary>
[Collection("referrals")]
public sealed class FollowingOthersTests(ReferralsFixture city)
{
    private readonly Guid team = Guid.CreateVersion7(), doctor = Guid.CreateVersion7(), institution = Guid.CreateVersion7();
    private readonly string district = Guid.CreateVersion7().ToString("N"); // one of its own, so that the nearest hospital is known

    [Fact]
    public async Task Urgently_worse_at_home_he_is_at_the_nearest_hospital_s_desk_at_once_and_the_visit_hears_of_it()
    {
        Morning();
        var (hospital, resident) = (await Hospital(), await Resident());
        await city.Day(hospital, inDays: 0);
        var worse = Worse(resident);
        await city.Publish(worse);
        await city.Publish(worse);
        var desk = await Talking.Eventually(() => city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}"), p => p.Items.Count > 0);
        var work = Assert.Single(desk.Items);
        Assert.Equal((DeskTask.Confirm, worse.DueAt, ReferralPriority.Urgent), (work.Task, work.DueAt, work.Priority));
        Assert.Equal(Ids.Of(worse.Visit.VisitId, "WhenDeteriorationDetected"), work.Id);
        Assert.Equal(["ReferralSubmitted", "ReferralScheduled", "ReferralAuthorised", "UrgentStepUpMade"], (await city.Feed(work.Id)).Select(i => i.Type));

        await React(worse);
        await React(Worse(resident, visit: Guid.CreateVersion7())); // found again before he is there
        Assert.Equal("UrgentStepUpMade", (await city.Feed(work.Id))[^1].Type);
        Assert.Single(await Work(hospital));

        city.Clock.Now = worse.DueAt; // nobody has confirmed
        var late = await Talking.Eventually(() => city.First.Client(Role.Commission).GetFromJsonAsync<WorkPage<DistrictWorklist>>(
            $"/worklists/district?districtCode={district}"), p => p.Items.Count > 0);
        Assert.Equal((work.Id, Breach.Referral, 1), (late.Items[0].Id, late.Items[0].Task, late.Items[0].Level));
        await city.Desk.Do($"/referrals/{work.Id}/arrival", new { admitted = true });
        await Talking.Until(async () => (await District()).Count == 0);
        await React(worse); // after the end of the way
        Assert.Equal(ReferralStatus.InCare, (await Referral(work.Id)).Status);
    }

    [Fact]
    public async Task Where_no_hospital_has_a_slot_the_ambulance_brings_him_and_the_district_sees_to_it()
    {
        Morning(hour: 21); // every slot of the day has begun
        var (hospital, resident) = (await Hospital(), await Resident());
        var worse = Worse(resident);
        await React(worse);
        await React(worse);
        var referral = await Referral(Ids.Of(worse.Visit.VisitId, "WhenDeteriorationDetected"));
        Assert.Equal((hospital, ReferralPriority.Emergency, ReferralStatus.Scheduled), (referral.HospitalId, referral.Priority, referral.Status));
        var row = Assert.Single(await Talking.Eventually<IReadOnlyList<DistrictWorklist>>(async () => await District(), rows => rows.Count > 0));
        Assert.Equal((Breach.Emergency, 2, "district"), (row.Task, row.Level, row.EscalatedTo));
        Assert.Equal("EmergencyRouteTaken", (await city.Feed(referral.ReferralId))[^1].Type);
        await city.Desk.Do($"/referrals/{referral.ReferralId}/acceptance");
        await Talking.Until(async () => (await District()).Count == 0);
    }

    [Fact]
    public async Task What_is_not_urgent_long_past_or_of_somebody_who_died_makes_no_referral()
    {
        Morning();
        await Hospital();
        var (resident, dead) = (await Resident(), await Resident());
        await React(city.Died(dead, 9));
        foreach (var message in new[]
        {
            Worse(resident) with { Severity = "review" },
            Worse(resident) with { OccurredAt = city.Clock.Now.AddDays(-8) },
            Worse(dead),
        })
        {
            await React(message);
            await Unknown(Ids.Of(message.Visit.VisitId, "WhenDeteriorationDetected"));
        }
    }

    [Fact]
    public async Task A_consultation_that_ends_with_to_hospital_waits_for_its_team_and_is_completed()
    {
        await Team();
        var (hospital, resident) = (await Hospital(), await Resident());
        var seen = Seen(resident);
        await city.Publish(seen);
        await city.Publish(seen);
        var task = Assert.Single((await Talking.Eventually<TeamWork>(async () => await Work(), w => w.Items.Count > 0)).Items);
        Assert.Equal((TeamTask.Complete, resident, Ids.Of(seen.EventId, "WhenAppointmentFulfilled")), (task.Task, task.ResidentId, task.Id));

        await city.First.ClientOf(doctor, Role.Clinic).Do("/referrals", ReferralsFixture.Draft(resident, hospital, id: task.Id));
        var referral = await Referral(task.Id);
        Assert.Equal((ReferralStatus.Draft, hospital, team), (referral.Status, referral.HospitalId, referral.TeamId));
        await React(seen); // after it was completed
        Assert.Equal(2, (await Referral(task.Id)).Version);
    }

    [Fact]
    public async Task A_draft_is_begun_for_nobody_who_has_no_team_and_not_for_other_outcomes()
    {
        var (left, stays) = (await Resident(), await Resident());
        await React(city.Terminated(left, 8));
        foreach (var message in new[] { Seen(left), Seen(stays) with { Outcome = "Advice" }, Seen(stays) with { OccurredAt = city.Clock.Now.AddDays(-30) } })
        {
            await React(message);
            await Unknown(Ids.Of(message.EventId, "WhenAppointmentFulfilled"));
        }
        var stranger = Seen(Guid.CreateVersion7()); // whose contract is not known here yet: the consultation's team has it
        await React(stranger);
        Assert.Equal(team, (await Referral(Ids.Of(stranger.EventId, "WhenAppointmentFulfilled"))).TeamId);
        await city.Clinic.Do($"/referrals/{Ids.Of(stranger.EventId, "WhenAppointmentFulfilled")}/cancellation", new { reason = "notNeeded" });

        var forgotten = Seen(stays);
        await React(forgotten);
        city.Clock.Now = city.Clock.Now.AddDays(30);
        var draft = Ids.Of(forgotten.EventId, "WhenAppointmentFulfilled");
        await Talking.Until(async () => (await Referral(draft)).Status is ReferralStatus.Cancelled); // nobody completed it
        Assert.Empty(await city.Feed(draft)); // and nobody else had heard of it
    }

    [Fact]
    public async Task A_doctor_who_left_or_may_not_work_hands_what_waits_to_another_of_his_team()
    {
        var second = Guid.CreateVersion7();
        await Team(new TeamMemberFacts(second, "gp", 1));
        await React(Practitioner(new LicenceLapsed(Person(doctor, "Suspended")), doctor, 4));
        Assert.Equal((second, second), (await Who()));
        await React(Practitioner(new LicenceRenewed(Person(doctor, "Active")), doctor, 5));
        await React(Practitioner(new LicenceLapsed(Person(doctor, "Suspended")), doctor, 4)); // late
        Assert.Equal((doctor, doctor), (await Who()));

        var leave = new AbsenceFacts(Guid.CreateVersion7(), second, Guid.CreateVersion7(), city.Clock.Now.AddHours(-1), city.Clock.Now.AddDays(9), "leave", "Away");
        await React(city.Stamped(new AbsenceStarted(leave, [leave]), Ids.Of($"Absences:{second}"), 1));
        var departed = Practitioner(new PractitionerDeparted(Person(doctor, "Departed"), city.Today.AddDays(-1), "retired"), doctor, 6);
        await React(departed);
        await React(departed);
        Assert.Equal((second, leave.CoveredBy), (await Who())); // who is away himself is stood in for
        await React(Practitioner(new PractitionerSuspended(Person(second, "Suspended"), "illness", null), second, 3));
        Assert.Equal((doctor, null), (await Who())); // nobody can: the institution has it
    }

    [Fact]
    public async Task When_a_team_ends_what_goes_along_with_no_contract_is_the_successor_s()
    {
        await Team();
        var (successor, home) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await React(city.Stamped(new TeamActivated(Facts(successor, home)), successor, 3));
        var hospital = await Hospital();
        var (with, without) = (await Draft(hospital), await Draft(hospital));
        await React(city.Terminated(without.Resident, 9) with { Contract = Contract(without.Resident) with { Status = "Terminated" } });

        var started = city.Stamped(new TeamDisbandmentStarted(team, city.Today.AddDays(40), "merged", [successor], Facts(team, institution) with { Status = "Disbanding" }), team, 8);
        await React(started);
        Assert.Equal((team, successor), ((await Referral(with.Id)).TeamId, (await Referral(without.Id)).TeamId));
        await React(started);
        Assert.Equal(2, (await Referral(without.Id)).Version);

        var disbanded = city.Stamped(new TeamDisbanded(team, city.Today, 1, 0, null, Facts(team, institution) with { Status = "Disbanded" }), team, 9);
        await React(disbanded);
        await React(started); // old news
        Assert.Equal((successor, home), ((await Referral(with.Id)).TeamId, (await Referral(with.Id)).InstitutionId));
        await React(city.Stamped(new TeamDisbanded(Guid.CreateVersion7(), city.Today), Guid.CreateVersion7(), 9)); // a team nobody knows here
    }

    [Fact]
    public async Task A_cancelled_disbandment_leaves_its_cases_where_they_are()
    {
        await Team();
        var draft = await Draft(await Hospital());
        await React(city.Terminated(draft.Resident, 9) with { Contract = Contract(draft.Resident) with { Status = "Terminated" } });
        await React(city.Stamped(new TeamDisbandmentCancelled(team, "needed", Facts(team, institution)), team, 9));
        await React(city.Stamped(new TeamDisbandmentStarted(team, city.Today.AddDays(40), "merged", [], Facts(team, institution) with { Status = "Disbanding" }), team, 8));
        Assert.Equal(team, (await Referral(draft.Id)).TeamId);
    }

    [Fact]
    public async Task A_closed_institution_s_cases_are_the_successor_s_with_and_without_a_team()
    {
        await Team();
        var (hospital, next, last) = (await Hospital(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var draft = await Draft(hospital);
        await React(city.Stamped(new InstitutionActivated(Place(institution, "330201")), institution, 2));
        var down = await city.Desk.Do("/down-referrals", new { residentId = Guid.CreateVersion7(), hospitalId = hospital, institutionId = institution });
        foreach (var place in new[] { next, last })
            await React(city.Stamped(new InstitutionActivated(Place(place, "330277")), place, 2));

        // The successor has closed too, and that is known first.
        await React(city.Stamped(new InstitutionClosed(Place(next, "330277") with { Status = "Closed" }, last, "merged"), next, 5));
        var closed = city.Stamped(new InstitutionClosed(Place(institution, "330201") with { Status = "Closed" }, next, "merged"), institution, 5);
        await React(closed);
        await React(closed);
        var referral = await Referral(draft.Id);
        Assert.Equal((team, last, "330277"), (referral.TeamId, referral.InstitutionId, referral.DistrictCode));
        var back = await city.Clinic.GetFromJsonAsync<DownReferralDetails>($"/down-referrals/{down.Id}");
        Assert.Equal((last, last), (back!.OwnerOrganizationId, back.InstitutionId));
        Assert.Equal(2, back.Version);

        // Only then the team is told to have moved, to where its cases are already; a contract tells the same.
        await React(city.Stamped(new TeamRehomed(Facts(team, last), institution), team, 7));
        await React(city.Stamped(new ContractRehomed(Contract(draft.Resident) with { InstitutionId = last, DistrictCode = "330277" }, institution), draft.Resident, 7));
        Assert.Equal(2, (await Referral(draft.Id)).Version);
    }

    [Fact]
    public async Task A_transfer_told_late_does_not_take_back_what_moved_on()
    {
        await Team();
        var draft = await Draft(await Hospital());
        var (second, third) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await React(Transferred(draft.Resident, third, 8));
        await React(Transferred(draft.Resident, second, 7));
        Assert.Equal(third, (await Referral(draft.Id)).TeamId);
    }

    [Fact]
    public async Task A_death_told_in_error_gives_back_what_it_cancelled()
    {
        await Team();
        var hospital = await Hospital();
        var day = await city.Day(hospital);
        var draft = await Draft(hospital);
        await city.Clinic.Do($"/referrals/{draft.Id}/hold", new { date = day });
        await city.Clinic.Do($"/referrals/{draft.Id}/submission", new { consentRef = "consent-1" });
        var down = await city.Desk.Do("/down-referrals", new { residentId = draft.Resident, hospitalId = hospital });
        await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date = day, firstSlot = "08:00", slotMinutes = 30, slots = 1 });
        var exam = await city.First.ClientOf(doctor, Role.Clinic).Do("/exams", new { residentId = draft.Resident, hospitalId = hospital, modality = "MRI", date = day, bodySite = "knee" });

        await React(city.Died(draft.Resident, 8));
        await React(city.Died(draft.Resident, 8));
        Assert.Equal(ReferralStatus.Cancelled, (await Referral(draft.Id)).Status);
        city.Clock.Now = city.Clock.Now.AddDays(2);
        var reversed = city.Stamped(new ResidentDeathReversed(draft.Resident), draft.Resident, 9);
        await React(reversed);
        await React(reversed);
        await React(city.Died(draft.Resident, 8)); // late
        Assert.Equal(ReferralStatus.RebookRequired, (await Referral(draft.Id)).Status);
        Assert.Equal(DownReferralStatus.Proposed, (await city.Clinic.GetFromJsonAsync<DownReferralDetails>($"/down-referrals/{down.Id}"))!.Status);
        Assert.Equal(ExamStatus.Held, (await city.Clinic.GetFromJsonAsync<ExamDetails>($"/exams/{exam.Id}"))!.Status);
        await Talking.Until(async () => (await Work()).Items.Select(i => i.Task).Order().SequenceEqual([TeamTask.Rebook, TeamTask.TakeBack]));
        await city.Clinic.Do($"/referrals/{draft.Id}/rescheduling", new { date = day });

        await React(city.Died(draft.Resident, 10));
        city.Clock.Now = city.Clock.Now.AddDays(31); // too late: he is referred anew
        await React(city.Stamped(new ResidentDeathReversed(draft.Resident), draft.Resident, 11));
        Assert.Equal(ReferralStatus.Cancelled, (await Referral(draft.Id)).Status);
    }

    [Fact]
    public async Task An_erased_resident_s_letters_are_gone_at_once_and_none_is_kept_any_more()
    {
        await Team();
        var hospital = await Hospital();
        var draft = await Draft(hospital);
        var letter = (await Referral(draft.Id)).ClinicalSummaryRef!.Value;
        Assert.True((await city.Clinic.GetAsync($"/referrals/{draft.Id}/documents/{letter}")).IsSuccessStatusCode);
        var erased = city.Stamped(new ResidentErased(draft.Resident), draft.Resident, 12);
        await React(erased);
        await React(erased);
        using var gone = await city.Clinic.GetAsync($"/referrals/{draft.Id}/documents/{letter}");
        Assert.Equal(404, (int)gone.StatusCode);
        await city.Clinic.Refuses(422, "RESIDENT_ERASED", $"/referrals/{draft.Id}/merger", new { reasonCode = "palpitations", clinicalSummary = "样例" });
        Assert.Equal(ReferralStatus.Draft, (await Referral(draft.Id)).Status);
        await city.Clinic.Do($"/referrals/{draft.Id}/cancellation", new { reason = "erased" });
        await React(city.Stamped(new ResidentErased(Guid.CreateVersion7()), Guid.CreateVersion7(), 2)); // nobody known here
    }

    [Fact]
    public async Task Withdrawn_slots_of_a_device_send_their_exams_to_find_another()
    {
        await Team();
        var (hospital, resident) = (await Hospital(), await Resident());
        var (day, later) = (city.Today.AddDays(20), city.Today.AddDays(21));
        foreach (var date in new[] { day, later })
            await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 30, slots = 2 });
        var exam = (await city.First.ClientOf(doctor, Role.Clinic).Do("/exams", new { residentId = resident, hospitalId = hospital, modality = "MRI", date = day, bodySite = "knee" })).Id;
        await city.Desk.Do($"/exams/{exam}/confirmation");
        var book = ExamBook.StreamOf(hospital, "MRI", day);
        await city.Desk.Do($"/exam-books/{book}/withdrawal", new { slots = new[] { 0 }, reason = "deviceBroken" });
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<ExamDetails>($"/exams/{exam}"))!.Status is ExamStatus.RebookRequired);
        await Talking.Until(async () => (await Work()).Items.Any(i => i.Id == exam && i.Task is TeamTask.Rebook));
        await city.Desk.Refuses(409, "INVALID_TRANSITION", $"/exams/{exam}/arrival");
        await city.Clinic.Do($"/exams/{exam}/rescheduling", new { date = later });
        await city.Desk.Do($"/exam-books/{book}/withdrawal", new { slots = new[] { 0, 1 }, reason = "deviceBroken" });
        await city.Desk.Do($"/exams/{exam}/confirmation");
        Assert.Equal(["ExamBooked", "ExamConfirmed", "ExamRebookRequired", "ExamRescheduled", "ExamConfirmed"], (await city.Feed(exam)).Select(i => i.Type));
        await city.First.ClientOf(doctor, Role.Clinic).Refuses(409, "QUOTA_EXHAUSTED", "/exams",
            new { residentId = await Resident(), hospitalId = hospital, modality = "MRI", date = day, bodySite = "knee" });
    }

    /// <summary>The next day at this hour of the city.</summary>
    private void Morning(int hour = 7) => city.Clock.Now = new DateTimeOffset(city.Today.AddDays(1).ToDateTime(new(hour, 0)), TimeSpan.FromHours(8)).ToUniversalTime();

    private async Task<Guid> Hospital()
    {
        var id = Guid.CreateVersion7();
        await React(city.Stamped(new HospitalRegistered(new(id, "样例医院", "Sample hospital", district, 2, ["cardiology"], ["MRI"])), id, 1));
        return id;
    }

    private Task Team(params TeamMemberFacts[] others) => React(city.Stamped(new TeamActivated(Facts(team, institution, others)), team, 3));

    private TeamFacts Facts(Guid id, Guid home, params TeamMemberFacts[] others) => Sample.TeamOfTwo with
    {
        TeamId = id,
        InstitutionId = home,
        DistrictCode = district,
        LeaderId = doctor,
        Members = [new(doctor, "gp", 1), .. others],
    };

    private async Task<Guid> Resident()
    {
        var id = Guid.CreateVersion7();
        await React(city.Signed(id, version: 4) with { Contract = Contract(id) });
        return id;
    }

    private ContractFacts Contract(Guid resident) => city.Signed(resident, 1).Contract with { TeamId = team, InstitutionId = institution, DistrictCode = district };

    private ContractTransferred Transferred(Guid resident, Guid to, long version) =>
        city.Transferred(resident, to, version) with { Contract = Contract(resident) with { TeamId = to } };

    private async Task<(Guid Id, Guid Resident)> Draft(Guid hospital)
    {
        var resident = await Resident();
        return ((await city.First.ClientOf(doctor, Role.Clinic).Do("/referrals", ReferralsFixture.Draft(resident, hospital))).Id, resident);
    }

    private DeteriorationDetected Worse(Guid resident, Guid? visit = null)
    {
        var id = visit ?? Guid.CreateVersion7();
        return city.Stamped(new DeteriorationDetected(
            new(id, Guid.CreateVersion7(), resident, Guid.CreateVersion7(), team, institution, district, "Started", city.Clock.Now, city.Clock.Now.AddHours(1)),
            8, ["8867-4"], "urgent", city.Clock.Now.AddMinutes(30)), id, 5);
    }

    private AppointmentFulfilled Seen(Guid resident)
    {
        var id = Guid.CreateVersion7();
        return city.Stamped(new AppointmentFulfilled(
            new(id, id, resident, Guid.CreateVersion7(), team, institution, district, "clinic", city.Clock.Now, "Fulfilled"), "Referral"), id, 3);
    }

    private TMessage Practitioner<TMessage>(TMessage message, Guid who, long version) where TMessage : IntegrationEvent => city.Stamped(message, who, version);

    private PractitionerFacts Person(Guid id, string status) => new(id, "doctor", institution, district, 0, null, status);

    private static InstitutionFacts Place(Guid id, string district) => new(id, "样例中心", "Sample center", district, "Active", 29.9, 121.5);

    private async Task<ReferralDetails> Referral(Guid id) => (await city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}"))!;

    private async Task Unknown(Guid id)
    {
        using var answer = await city.Clinic.GetAsync($"/referrals/{id}");
        Assert.Equal(404, (int)answer.StatusCode);
    }

    private async Task<TeamWork> Work() => (await city.Clinic.GetFromJsonAsync<TeamWork>($"/worklists/team?teamId={team}"))!;

    private async Task<(Guid?, Guid?)> Who() => await Work() is var work ? (work.Responsible, work.Owner) : default;

    private async Task<IReadOnlyList<HospitalWorklist>> Work(Guid hospital) =>
        (await city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}"))!.Items;

    private async Task<IReadOnlyList<DistrictWorklist>> District() =>
        (await city.First.Client(Role.Commission).GetFromJsonAsync<WorkPage<DistrictWorklist>>($"/worklists/district?districtCode={district}"))!.Items;

    /// <summary>As the message reaches the service, here and now.</summary>
    private async Task React(IntegrationEvent message)
    {
        foreach (var reaction in city.First.Services.GetRequiredService<IReadOnlyList<Reaction>>().Where(r => r.Message == message.GetType()))
            await reaction.React(city.First.Services, message, CancellationToken.None);
    }
}
