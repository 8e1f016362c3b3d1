using System.Net.Http.Json;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Disbanding;

[Collection("teams")]
public sealed class DisbandingOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task A_team_ends_on_its_day_when_contracts_has_moved_everybody_and_its_people_are_free()
    {
        var (team, leader, institution) = await city.ActiveTeam();
        var (successor, _, _) = await city.ActiveTeam();
        await city.Contracts(team, institution, 3);
        var effectiveOn = city.Today.AddDays(30);
        await city.Clinic.Refuses(422, "RULE_VIOLATION", $"/teams/{team}/disbandment", new { effectiveOn = effectiveOn.AddDays(-1), reason = "merged", successors = new[] { successor } });
        await city.Clinic.Do($"/teams/{team}/disbandment", new { effectiveOn, reason = "merged", successors = new[] { successor } });
        Assert.Equal(3, (await Details(team))!.Disbandment!.Remaining);

        await Progressed(team, 1, 2, 0);
        await Talking.Eventually(() => Details(team), t => t.Disbandment is { Remaining: 1, Transferred: 2 });
        city.Clock.Now = new DateTimeOffset(effectiveOn.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).AddHours(1);
        await Talking.Eventually(() => Details(team), t => t.Disbandment is { IsOverdue: true }); // one is left: it waits, and everybody hears of it
        await Talking.Eventually(() => city.Commission.GetFromJsonAsync<List<ComplianceFlags>>("/compliance-flags"),
            flags => flags.Any(f => f.TeamId == team && f.Kind == "disbandmentOverdue"));

        city.Clock.Now = city.Clock.Now.AddMinutes(1);
        await Progressed(team, 0, 2, 1);
        await Talking.Eventually(() => Details(team), t => t.Status is TeamStatus.Disbanded);
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{leader}"), p => p.Fte == 0 && p.Leads is null);
        await Talking.Eventually(async () => (await city.Clinic.GetFromJsonAsync<TeamPage>($"/teams?institutionId={institution}&status=Disbanded"))!.Items.SingleOrDefault());

        var told = await city.Told(team);
        Assert.Equal(["TeamDisbandmentStarted", "TeamDisbandmentProgressed", "TeamDisbandmentOverdue", "TeamDisbandmentProgressed", "TeamDisbanded"],
            told.Select(t => t.Type).Where(t => t.Contains("Disband", StringComparison.Ordinal)));
        Assert.Equal((2, 1, "Disbanded"), (told[^1].Message.GetProperty("contractsTransferred").GetInt32(),
            told[^1].Message.GetProperty("contractsTerminated").GetInt32(), told[^1].Message.GetProperty("team").GetProperty("status").GetString()));
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/teams/{team}/resumption");
    }

    [Fact]
    public async Task A_disbandment_is_cancelled_and_old_news_of_it_changes_nothing()
    {
        var (team, _, institution) = await city.ActiveTeam();
        await city.Contracts(team, institution, 1);
        await city.Clinic.Do($"/teams/{team}/disbandment", new { effectiveOn = city.Today.AddDays(40), reason = "merged", successors = Array.Empty<Guid>() });
        await city.Clinic.Do($"/teams/{team}/disbandment/cancellation", new { reason = "new doctor" });
        await Progressed(team, 0, 1, 0);
        var (another, _, elsewhere) = await city.ActiveTeam(); // a later message, so that the earlier one was seen
        await city.Contracts(another, elsewhere, 1);
        var details = await Details(team);
        Assert.Equal((TeamStatus.Active, null), (details!.Status, details.Disbandment));
    }

    private Task<TeamDetails?> Details(Guid team) => city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}");

    private Task Progressed(Guid team, int remaining, int transferred, int terminated) =>
        city.Publish(city.Stamped(new ReassignmentProgressed(team, remaining, transferred, terminated), team));
}
