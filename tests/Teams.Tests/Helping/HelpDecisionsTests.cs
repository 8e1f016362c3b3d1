using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Helping;
using FamilyDoctor.Teams.Tests.States;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Helping;

/// <summary>Help comes from one of the X of the team who is there, and is reminded of once.</summary>
public sealed class HelpDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly DomainEvent[] TheTeam = [.. AFormingTeam, Activated, Capacity];
    private static readonly HelpRequested Asked = new(Subject, TeamId, "pharmacist", Gp, Resident, "polypharmacy", true, At("2024-03-03 09:00").Now);
    private static readonly HelpAssigned Assigned = new(Subject, Pharmacist, Pharmacist);
    private static readonly CoverNamed Away = new(Another, Pharmacist, SecondPharmacist, At("2024-02-26 00:00").Now, At("2024-03-09 00:00").Now, "leave");
    private static readonly RequestHelp Request = new(Subject, TeamId, "pharmacist", Gp, Resident, "polypharmacy");

    [Theory]
    [InlineData("gp")]
    [InlineData("nurse")]
    public void A_doctor_and_a_nurse_are_no_X(string role) =>
        Requesting(Request with { Role = role }, role == "gp" ? Gp : Nurse, TheTeam).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void A_grid_administrator_answers_nothing_clinical()
    {
        DomainEvent[] team = [.. TheTeam, new TeamMemberJoined(TeamId, Volunteer, "gridAdministrator", 0.5m, Today)];
        Requesting(Request with { Role = "gridAdministrator" }, Volunteer, team).ThenRefused("RULE_VIOLATION");
        Requesting(Request with { Role = "gridAdministrator", Clinical = false }, Volunteer, team).ThenEvents(typeof(HelpRequested), typeof(HelpAssigned));
    }

    [Fact]
    public void A_team_that_has_ended_cares_for_nobody() => Requesting(Request, Pharmacist,
        [.. TheTeam, new TeamDisbandmentStarted(TeamId, new(2024, 2, 1), At("2024-02-01 00:00").Now, "merged", [], 0, 0), new TeamDisbanded(TeamId, Today, 0, 0, null)])
        .ThenRefused("TEAM_NOT_ACTIVE");

    [Fact]
    public void Whoever_has_left_meanwhile_is_not_asked() => Requesting(Request, SecondPharmacist, TheTeam).ThenRefused("TEAM_INCOMPLETE");

    [Fact]
    public void Whoever_has_gone_away_meanwhile_owns_nothing()
    {
        Assert.Throws<Busy>(() => Requesting(Request, Pharmacist, TheTeam, Away));
        var found = new WhoIsThere.Found(SecondPharmacist, SecondPharmacist);
        Assert.Throws<Busy>(() => Given<HelpRequest>(Asked, Assigned).And<Absences>(Away)
            .When(Morning, (h, a, at) => (WhenSomebodyIsAway.Decide(h, found, a, at), [])));
    }

    [Fact]
    public void A_request_changes_hands_while_it_is_open_and_only_to_another()
    {
        Following(SecondPharmacist, Asked, Assigned).Then(new HelpAssigned(Subject, SecondPharmacist, SecondPharmacist));
        Following(Pharmacist, Asked, Assigned).ThenNothing();
        Following(SecondPharmacist, Asked, Assigned, new HelpAnswered(Subject, Pharmacist, null, "advised")).ThenNothing();
    }

    [Fact]
    public void It_is_reminded_of_once_when_it_is_due()
    {
        Given<HelpRequest>(Asked, Assigned).When("2024-03-03 08:59", RemindOfHelp.Decide).ThenNothing();
        Given<HelpRequest>(Asked, Assigned).When("2024-03-03 09:00", RemindOfHelp.Decide).Then(new HelpOverdue(Subject));
        Given<HelpRequest>(Asked, Assigned, new HelpOverdue(Subject)).When("2024-03-03 09:00", RemindOfHelp.Decide).ThenNothing();
        Given<HelpRequest>(Asked, Assigned, new HelpWithdrawn(Subject, "solved")).When("2024-03-03 09:00", RemindOfHelp.Decide).ThenNothing();
    }

    [Fact]
    public async Task It_stays_with_whoever_has_it_as_long_as_somebody_stands_in_for_him()
    {
        await using var city = new MemoryCity(At(Morning).Now);
        Build<HelpRequest>(city);
        city.Given<Practitioner>(Another, Doctor with { PractitionerId = Another, Kind = "pharmacist" })
            .Given<Team>(TeamId, PharmacistJoined with { PractitionerId = SecondPharmacist });
        Assert.Equal((SecondPharmacist, SecondPharmacist), await Found(city, before: SecondPharmacist));
        city.Given<Absences>(Absences.StreamOf(Pharmacist), Away with { CoveredBy = Another });
        Assert.Equal((Pharmacist, Another), await Found(city, before: Pharmacist));
        Assert.Equal((SecondPharmacist, SecondPharmacist), await Found(city, before: null));
        // Suspended this very moment, before the team knows.
        city.Given<Practitioner>(Another, new PractitionerSuspended(Another, "inquiry", null, null));
        Assert.Equal((SecondPharmacist, SecondPharmacist), await Found(city, before: Pharmacist));
        city.Given<Practitioner>(SecondPharmacist, new PractitionerSuspended(SecondPharmacist, "inquiry", null, null));
        Assert.Equal((Pharmacist, null), await Found(city, before: Pharmacist));
    }

    private static async Task<(Guid?, Guid?)> Found(MemoryCity city, Guid? before)
    {
        var found = await WhoIsThere.For(city.State<Team>(TeamId)!, "pharmacist", before, city.Clock.Now, city.Store, default);
        return (found.Responsible, found.Owner);
    }

    private static Outcome Requesting(RequestHelp command, Guid found, DomainEvent[] team, params DomainEvent[] ofOwner) =>
        Given<HelpRequest>().And<Team>(team).And<Absences>(ofOwner)
            .When(Morning, (help, t, absences, at) => (command.Decide(Subject, help, t, new(found, found), absences, at), [], []));

    private static Outcome Following(Guid found, params DomainEvent[] history) => Given<HelpRequest>(history).And<Absences>()
        .When(Morning, (help, absences, at) => (WhenSomebodyIsAway.Decide(help, new(found, found), absences, at), []));
}
