using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Referrals.Tests.Referring;

[Collection("referrals")]
public sealed class ReferringOverHttpTests(ReferralsFixture city)
{
    private Task<ReferralDetails?> Details(Guid id) => city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}");

    [Fact]
    public async Task A_resident_is_referred_seen_and_sent_back_and_every_step_is_told()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital);
        var id = await city.Sent(hospital, date);
        var triage = await Talking.Eventually(() => city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}"), p => p.Items.Count == 1);
        Assert.Equal((id, DeskTask.Triage), (triage.Items[0].Id, triage.Items[0].Task));

        await city.Desk.Do($"/referrals/{id}/acceptance");
        var scheduled = await Details(id);
        Assert.Equal((ReferralStatus.Scheduled, date, date.AddDays(30)), (scheduled!.Status, scheduled.SlotDate, scheduled.ValidTo));
        await city.Desk.Do($"/referrals/{id}/arrival", new { admitted = true });
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}"),
            p => p.Items is [{ Task: DeskTask.Outcome }]);
        await city.Desk.Do($"/referrals/{id}/outcome", new { disposition = "discharged", report = "样例报告 sample report", followUpDueBy = "2024-04-20" });
        await city.Clinic.Do($"/referrals/{id}/acknowledgement");
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}"), p => p.Items.Count == 0);

        var closed = await Details(id);
        Assert.Equal((ReferralStatus.Closed, Disposition.Discharged), (closed!.Status, closed.Disposition));
        Assert.Equal("样例报告 sample report", await city.Clinic.GetStringAsync($"/referrals/{id}/documents/{closed.ReportRef}"));
        Assert.Equal(["ReferralSubmitted", "ReferralScheduled", "ReferralAuthorised", "PatientArrived", "OutcomeReturned", "ReferralClosed"],
            (await city.Feed(id)).Select(i => i.Type));
        Assert.Equal($"{date.AddDays(30):yyyy-MM-dd}", (await city.Feed(id))[2].Message.GetProperty("validTo").GetString());
        var outcome = (await city.Feed(id))[4].Message;
        Assert.Equal(("discharged", "2024-04-20"), (outcome.GetProperty("disposition").GetString(), outcome.GetProperty("followUpDueBy").GetString()));
        var facts = outcome.GetProperty("referral");
        Assert.Equal(("routine", "OutcomeReturned", Ids.Human('R', id), Sample.Institution), (facts.GetProperty("priority").GetString(),
            facts.GetProperty("status").GetString(), facts.GetProperty("number").GetString(), facts.GetProperty("ownerOrganizationId").GetGuid()));
    }

    [Fact]
    public async Task Letters_are_in_no_event_and_in_no_table_readable()
    {
        var hospital = await city.Hospital();
        await city.Sent(hospital, await city.Day(hospital));
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("""
            select (select count(*) from mt_events where data::text like '%sample summary%')
                 + (select count(*) from fd_documents where position('sample summary'::bytea in sealed) > 0)
            """);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Twenty_refer_one_resident_at_once_and_one_referral_is_under_way()
    {
        var second = await city.Second();
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        var clients = new[] { city.Clinic, second.Client(Role.Clinic) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            clients[i % 2].PostAsJsonAsync("/referrals", ReferralsFixture.Draft(resident, hospital))));
        var created = (await Assert.Single(answers, a => a.StatusCode is HttpStatusCode.Created).Content.ReadFromJsonAsync<Done>())!;
        foreach (var refused in answers.Where(a => a.StatusCode is not HttpStatusCode.Created))
        {
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(("DUPLICATE_REFERRAL", created.Id), (problem.GetProperty("code").GetString(), problem.GetProperty("referralId").GetGuid()));
        }
        await city.Clinic.Do($"/referrals/{created.Id}/cancellation", new { reason = "resident" });
        await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital));
    }

    [Fact]
    public async Task A_hold_ends_by_itself_and_the_slot_is_another_s()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital, familyDoctor: 1);
        var late = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        var next = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        var heldAt = city.Clock.Now;
        await city.Clinic.Do($"/referrals/{late}/hold", new { date });
        await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", $"/referrals/{next}/hold", new { date });
        city.Clock.Now = heldAt.AddMinutes(16);
        await city.Clinic.Refuses(409, "HOLD_EXPIRED", $"/referrals/{late}/submission", new { consentRef = "consent-1" });
        await city.Clinic.Do($"/referrals/{next}/hold", new { date });
        // Decided at its own time, whoever noticed it and when.
        var stored = await city.Stored(QuotaBook.StreamOf(hospital, "cardiology", date));
        Assert.Equal(heldAt.AddMinutes(15), Assert.Single(stored, e => e.Type == "slot_hold_expired").OccurredAt);
    }

    [Fact]
    public async Task Choosing_another_day_gives_the_first_one_back()
    {
        var hospital = await city.Hospital();
        var (date, other) = (await city.Day(hospital, 20, familyDoctor: 1), await city.Day(hospital, 22));
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        await city.Clinic.Do($"/referrals/{id}/hold", new { date });
        await city.Clinic.Do($"/referrals/{id}/hold", new { date = other });
        await city.Clinic.Do($"/referrals/{id}/submission", new { consentRef = "consent-1" });
        Assert.Equal(other, (await Details(id))!.SlotDate);
        await city.Sent(hospital, date);
    }

    [Fact]
    public async Task The_pool_goes_to_the_public_and_the_unanswered_referral_to_three_offices_by_themselves()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital, inDays: 30);
        var id = await city.Sent(hospital, date);
        var due = (await Details(id))!.ResponseDueAt!.Value;
        city.Clock.Now = city.Clock.Now.AddDays(29);
        var feed = await Talking.Eventually(async () => await city.Feed(id), f => f.Count(i => i.Type == "ReferralOverdue") == 3);
        Assert.Equal(["referralOffice", "district", "commission"],
            feed.Where(i => i.Type == "ReferralOverdue").Select(i => i.Message.GetProperty("escalatedTo").GetString()));
        Assert.Equal(due, feed.First(i => i.Type == "ReferralOverdue").Message.GetProperty("occurredAt").GetDateTimeOffset());
        Assert.Equal(ReferralStatus.Submitted, (await Details(id))!.Status);

        var book = QuotaBook.StreamOf(hospital, "cardiology", date);
        var told = await Talking.Eventually(async () => await city.Feed(book), f => f.Any(i => i.Type == "PoolReleasedToPublic"));
        var released = told.Single(i => i.Type == "PoolReleasedToPublic").Message;
        Assert.Equal((2, 1, 4), (released.GetProperty("count").GetInt32(), released.GetProperty("quota").GetProperty("familyDoctor").GetInt32(),
            released.GetProperty("quota").GetProperty("public").GetInt32()));
        // The held slot is still the patient's.
        await city.Desk.Do($"/referrals/{id}/acceptance");
    }

    [Fact]
    public async Task An_emergency_gets_a_bay_at_once_and_the_hospital_confirms_afterwards()
    {
        var hospital = await city.Hospital(level: 3);
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital, "emergency"))).Id;
        await city.Clinic.Do($"/referrals/{id}/submission", new { consentRef = "consent-1" });
        var details = await Details(id);
        Assert.Equal((ReferralStatus.Scheduled, true, null), (details!.Status, details.FastTracked, details.SlotStart));
        await city.Desk.Do($"/referrals/{id}/acceptance");
        await city.Desk.Do($"/referrals/{id}/arrival", new { admitted = true });
        var scheduled = (await city.Feed(id)).Single(i => i.Type == "ReferralScheduled").Message;
        Assert.True(scheduled.GetProperty("fastTracked").GetBoolean());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_insurer_answers_once_and_the_referral_goes_on_either_way(bool grants)
    {
        var hospital = await city.Hospital();
        var id = await city.Sent(hospital, await city.Day(hospital));
        IntegrationEvent answer = grants
            ? city.Stamped(new ReferralAuthorisationGranted(id, 6, Guid.CreateVersion7(), "REF-1"), Guid.CreateVersion7(), 1)
            : city.Stamped(new ReferralAuthorisationRejected(id, 6, Guid.CreateVersion7(), "NOT_COVERED"), Guid.CreateVersion7(), 1);
        await React(answer); // nothing was authorised yet
        Assert.Equal((3L, null), ((await Details(id))!.Version, (await Details(id))!.Insurer));

        await city.Desk.Do($"/referrals/{id}/acceptance");
        await city.Publish(answer);
        await Talking.Until(async () => (await Details(id))!.Insurer is not null);
        await React(answer);
        await React(city.Stamped(new ReferralAuthorisationRejected(id, 6, Guid.CreateVersion7(), "LATE"), Guid.CreateVersion7(), 2));
        var answered = await Details(id);
        Assert.Equal((7L, grants ? new InsurerAnswer(true, "REF-1") : new(false, "NOT_COVERED")), (answered!.Version, answered.Insurer));
        await city.Desk.Do($"/referrals/{id}/arrival", new { admitted = false });

        Task React(IntegrationEvent message)
        {
            var reaction = city.First.Services.GetRequiredService<WhenReferralAuthorisationAnswered>();
            var cause = new Envelope(new("referrals", "service"), message.CorrelationId, message.EventId.ToString());
            return message is ReferralAuthorisationGranted granted ? reaction.React(granted, cause, default)
                : reaction.React((ReferralAuthorisationRejected)message, cause, default);
        }
    }

    [Fact]
    public async Task News_of_a_contract_may_come_twice_and_out_of_order()
    {
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        var ended = city.Terminated(resident, version: 6);
        await city.Publish(ended);
        await city.Knows<KnownContract>(resident, c => c.Version == 6);
        var older = city.Signed(resident, version: 5);
        await city.Publish(older);
        await city.Publish(older);
        await city.Publish(ended);
        var marker = await city.Resident(); // what was sent before it has been heard when this is known
        Assert.Equal("Terminated", (await city.Knows<KnownContract>(resident)).Facts.Status);
        await city.Clinic.Refuses(422, "NO_ACTIVE_CONTRACT", "/referrals", ReferralsFixture.Draft(resident, hospital));
        await city.Clinic.Do("/referrals", ReferralsFixture.Draft(marker, hospital));
        await city.Publish(city.Signed(resident, version: 9));
        await city.Knows<KnownContract>(resident, c => c.Version == 9);
        await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital));
    }

    [Fact]
    public async Task The_same_request_twice_is_done_once_and_an_older_version_is_told()
    {
        var (hospital, resident, id) = (await city.Hospital(), await city.Resident(), Guid.CreateVersion7());
        var first = await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital, id: id));
        var again = await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital, id: id));
        Assert.Equal((id, 1), (first.Id, again.Version));
        var stale = city.Clinic;
        stale.DefaultRequestHeaders.IfMatch.ParseAdd("\"7\"");
        var problem = await stale.Refuses(412, "PRECONDITION_FAILED", $"/referrals/{id}/cancellation", new { reason = "resident" });
        Assert.Equal(1, problem.GetProperty("currentVersion").GetInt64());
    }

    [Fact]
    public async Task The_desk_s_list_is_read_page_by_page()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital);
        var sent = new[] { await city.Sent(hospital, date), await city.Sent(hospital, date), await city.Sent(hospital, date) };
        await Talking.Eventually(() => city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}&task=Triage"), p => p.Items.Count == 3);
        var (seen, after) = (new List<Guid>(), "");
        do
        {
            var page = await city.Desk.GetFromJsonAsync<WorkPage<HospitalWorklist>>($"/worklists/hospital?hospitalId={hospital}&limit=2{after}");
            seen.AddRange(page!.Items.Select(i => i.Id));
            after = page.Next is null ? "" : $"&after={page.Next}";
        }
        while (after.Length > 0);
        Assert.Equal(sent.Order(), seen.Order());
    }
}
