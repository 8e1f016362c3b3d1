using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.Referrals.Tests.Covering;

/// <summary>What waits for a team's family doctor is seen to by whoever is there, and says for whom.</summary>
[Collection("referrals")]
public sealed class CoveringOverHttpTests(ReferralsFixture city)
{
    private readonly Guid team = Guid.CreateVersion7(), doctor = Guid.CreateVersion7(), cover = Guid.CreateVersion7();

    [Fact]
    public async Task What_waits_for_a_doctor_who_is_away_is_the_cover_s_and_each_step_says_for_whom()
    {
        await city.Publish(city.Stamped(new TeamActivated(Sample.TeamOfTwo with { TeamId = team, LeaderId = doctor, Members = [new(doctor, "gp", 1)] }), team, 3));
        await city.Knows<TeamFacts>(team);
        var (hospital, resident) = (await city.Hospital(), await Resident());
        var day = await city.Day(hospital);
        var referral = await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, hospital));
        await city.Clinic.Do($"/referrals/{referral.Id}/hold", new { date = day });
        await city.Clinic.Do($"/referrals/{referral.Id}/submission", new { consentRef = "consent-1" });
        await city.Desk.Do($"/referrals/{referral.Id}/acceptance");
        await city.Desk.Do($"/referrals/{referral.Id}/arrival", new { admitted = true });
        await city.Desk.Do($"/referrals/{referral.Id}/outcome", new { disposition = "Discharged" });
        var down = await city.Desk.Do("/down-referrals", new { residentId = resident, hospitalId = hospital, upReferralId = referral.Id, familyBedSuggested = false });
        await Owned(doctor, TeamTask.Outcome, TeamTask.TakeBack);

        var leave = new AbsenceFacts(Guid.CreateVersion7(), doctor, cover, city.Clock.Now.AddHours(1), city.Clock.Now.AddDays(3), "leave", "Planned");
        await city.Publish(Absent(new CoverNamed(leave, [leave]), 1));
        await city.Knows<OpenAbsences>(doctor);
        await Owned(doctor, TeamTask.Outcome, TeamTask.TakeBack);
        city.Clock.Now = leave.From; // nobody has to press a button
        await Owned(cover, TeamTask.Outcome, TeamTask.TakeBack);

        await city.First.ClientOf(cover, Role.Clinic).Do($"/down-referrals/{down.Id}/acceptance");
        Assert.Equal(doctor.ToString(), await ActorOf(down.Id, "down_referral_accepted"));
        await city.Clinic.Do($"/down-referrals/{down.Id}/first-contact", new { mode = "Phone" }); // a desk that does not say who sits at it
        Assert.Equal(doctor.ToString(), await ActorOf(down.Id, "first_contact_made"));
        await city.First.ClientOf(doctor, Role.Clinic).Do($"/down-referrals/{down.Id}/closure"); // whoever calls in from his holiday acts for himself
        Assert.Null(await ActorOf(down.Id, "down_referral_closed"));

        // Whoever stands in refers the residents of the team; nobody else may.
        var other = await Resident();
        await city.First.ClientOf(Guid.CreateVersion7(), Role.Clinic).Refuses(403, "NOT_PANEL_GP", "/referrals", ReferralsFixture.Draft(other, hospital));
        var second = await city.First.ClientOf(cover, Role.Clinic).Do("/referrals", ReferralsFixture.Draft(other, hospital));
        Assert.Equal(doctor.ToString(), await ActorOf(second.Id, "referral_drafted"));

        // The cover falls ill himself, and his cover does the rest; then the doctor is back.
        var next = Guid.CreateVersion7();
        var illness = new AbsenceFacts(Guid.CreateVersion7(), cover, next, city.Clock.Now, city.Clock.Now.AddDays(2), "illness", "Away");
        await city.Publish(Absent(new CoverNamed(illness, [illness]), 1));
        await Owned(next, TeamTask.Complete, TeamTask.Outcome);
        await city.Publish(Absent(new CoverEnded(leave with { Status = "Over" }, "returned", []), 3));
        await Owned(doctor, TeamTask.Complete, TeamTask.Outcome);
        await city.Publish(Absent(new AbsenceStarted(leave with { Status = "Away" }, [leave]), 2)); // late news
        await city.First.ClientOf(doctor, Role.Clinic).Do($"/referrals/{referral.Id}/acknowledgement");
        Assert.Null(await ActorOf(referral.Id, "referral_closed"));
        await Owned(doctor, TeamTask.Complete);
    }

    private async Task Owned(Guid owner, params TeamTask[] tasks)
    {
        var work = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<TeamWork>($"/worklists/team?teamId={team}"),
            w => w.Owner == owner && w.Items.Select(i => i.Task).Order().SequenceEqual(tasks.Order()));
        Assert.Equal(doctor, work.Responsible);
        // And it stands in that person's own list, in nobody else's.
        var his = (await city.Clinic.GetFromJsonAsync<WorklistOfDoctor>($"/worklists/practitioner?practitionerId={owner}"))!;
        Assert.Equal(work.Items.Select(i => i.Id), his.Items.Select(i => i.Id));
        Assert.Equal(his.Items.OrderBy(i => i.DueAt).Select(i => i.Id), his.Items.Select(i => i.Id));
        Assert.Equal(new SeenTo(team, owner == doctor ? null : doctor), Assert.Single(his.Teams));
        foreach (var other in new[] { doctor, cover }.Where(d => d != owner))
            Assert.Empty((await city.Clinic.GetFromJsonAsync<WorklistOfDoctor>($"/worklists/practitioner?practitionerId={other}"))!.Items);
    }

    private async Task<Guid> Resident()
    {
        var id = Guid.CreateVersion7();
        var signed = city.Signed(id, version: 4);
        await city.Publish(signed with { Contract = signed.Contract with { TeamId = team } });
        await city.Knows<KnownContract>(id);
        return id;
    }

    private IntegrationEvent Absent(IntegrationEvent message, long version)
    {
        var who = message switch { CoverNamed m => m.Absence, AbsenceStarted m => m.Absence, CoverEnded m => m.Absence, _ => throw new ArgumentException(message.ToString()) };
        return city.Stamped(message, Ids.Of($"Absences:{who.PractitionerId}"), version);
    }

    /// <summary>For whom the envelope of the stored event says that it was done.</summary>
    private async Task<string?> ActorOf(Guid stream, string type)
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("select headers -> 'actor' ->> 'onBehalfOf' from mt_events where stream_id = $1 and type = $2");
        command.Parameters.AddWithValue(stream);
        command.Parameters.AddWithValue(type);
        return await command.ExecuteScalarAsync() as string;
    }
}
