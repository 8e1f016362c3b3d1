using System.Net.Http.Json;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Staffing;

[Collection("teams")]
public sealed class PeopleOverTimeTests(TeamsFixture city)
{
    [Fact]
    public async Task A_team_whose_nurse_s_licence_lapses_is_in_breach_then_suspended_and_works_again_when_complete()
    {
        var institution = await city.Institution();
        var (team, doctor, nurse) = (await city.Team(institution), await city.Practitioner(institution), await city.Practitioner(institution, "nurse", city.Today.AddDays(10)));
        await city.Join(team, doctor, lead: true);
        await city.Join(team, nurse, "nurse");
        await city.Clinic.Do($"/teams/{team}/activation");

        var lapses = city.Today.AddDays(11);
        city.Clock.Now = Midnight(lapses).AddHours(2);
        var breached = await Talking.Eventually(() => Details(team), t => t.CompositionBreachSince is not null);
        Assert.Equal((lapses, Midnight(lapses.AddDays(30)), "nurse"), (breached.CompositionBreachSince, breached.SuspendsAt, Assert.Single(breached.MissingRoles)));
        await Talking.Eventually(() => city.Commission.GetFromJsonAsync<List<ComplianceFlags>>("/compliance-flags"), flags =>
            flags.Any(f => f.Kind == "licenceLapsed" && f.PractitionerId == nurse) && flags.Any(f => f.Kind == "compositionBreach" && f.TeamId == team));

        city.Clock.Now = Midnight(lapses.AddDays(30)).AddMinutes(1);
        await Talking.Eventually(() => Details(team), t => t.Status is TeamStatus.Suspended);
        await city.Clinic.Refuses(422, "TEAM_INCOMPLETE", $"/teams/{team}/resumption");
        await city.Clinic.Do($"/practitioners/{nurse}/licence", new { validTo = city.Today.AddYears(5) });
        await Talking.Eventually(() => Details(team), t => t.CompositionBreachSince is null);
        await city.Clinic.Do($"/teams/{team}/resumption");
        Assert.Equal(["TeamActivated", "TeamCapacitySet", "TeamMemberBarred", "TeamCompositionBreached", "TeamSuspended", "TeamMemberCleared", "TeamCompositionRestored", "TeamResumed"],
            (await city.Told(team)).Select(t => t.Type).SkipWhile(t => t != "TeamActivated"));
    }

    [Fact]
    public async Task Who_leaves_works_to_the_last_day_and_is_then_in_no_team()
    {
        var (team, leader, _) = await city.ActiveTeam();
        var lastDay = city.Today.AddDays(20);
        await city.Clinic.Do($"/practitioners/{leader}/departure", new { lastDay, reason = "retired" });
        Assert.Equal((PractitionerStatus.Active, lastDay), await Standing(leader));
        city.Clock.Now = Midnight(lastDay.AddDays(1)).AddMinutes(1);
        await Talking.Until(async () => await Standing(leader) == (PractitionerStatus.Departed, lastDay));
        var left = await Talking.Eventually(() => Details(team), t => t.LeaderId is null);
        Assert.Equal((0, "gp"), (left.MaxPanel, Assert.Single(left.MissingRoles)));
        Assert.Equal(["PractitionerRegistered", "DepartureAnnounced", "PractitionerDeparted"], (await city.Told(leader)).Select(t => t.Type));
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/practitioners/{leader}/licence", new { validTo = city.Today.AddYears(1) });
    }

    [Fact]
    public async Task A_suspension_ends_by_itself_and_a_renewed_licence_does_not_end_it()
    {
        var doctor = await city.Practitioner(await city.Institution());
        var until = city.Today.AddDays(3);
        await city.Commission.Do($"/practitioners/{doctor}/suspension", new { reason = "inquiry", until });
        await city.Clinic.Do($"/practitioners/{doctor}/licence", new { validTo = city.Today.AddYears(1) });
        Assert.Equal((PractitionerStatus.Suspended, null), await Standing(doctor));
        city.Clock.Now = Midnight(until.AddDays(1)).AddMinutes(1);
        await Talking.Until(async () => (await Standing(doctor)).Item1 is PractitionerStatus.Active);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));

    private Task<TeamDetails?> Details(Guid team) => city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}");

    private async Task<(PractitionerStatus, DateOnly?)> Standing(Guid practitioner)
    {
        var details = await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{practitioner}");
        return (details!.Status, details.LastDay);
    }
}
