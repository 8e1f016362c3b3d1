using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>TeamReassignment.states.md is what the code does.</summary>
public sealed class ReassignmentTableTests
{
    private static readonly Policies.Moment Now = At("2024-03-10 09:00");
    private static readonly DateTimeOffset Then = Morning;
    private static readonly DomainEvent[] Started =
        [new ReassignmentStarted(Team, new(2024, 4, 10), "merger", [], 5, Then), new ReassignmentProgressed(Team, 2, 0, 0, Then)];

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Running"] = Started,
        ["Forced"] = [.. Started, new ReassignmentForced(Team, 6, Then)],
        ["Emptied"] = [.. Started, new ReassignmentProgressed(Team, 0, 2, 0, null), new PanelEmptied(Team, 2, 0)],
        ["CallingOff"] = [.. Started, new ReassignmentCalledOff(Team, 6, Then)],
        ["CalledOff"] = [.. Started, new ReassignmentCalledOff(Team, 6, Then), new ReassignmentUndone(Team)],
    };

    private static readonly Dictionary<string, Func<TeamReassignment?, TeamPanel, IEnumerable<DomainEvent>[]>> Commands = new()
    {
        [nameof(WhenTeamDisbandmentStarted)] = (r, p) => Of(WhenTeamDisbandmentStarted.Decide(r, p, News(new TeamDisbandmentStarted(Team, new(2024, 5, 1), "merger", [])), Now)),
        [nameof(WhenTeamDisbandmentCancelled)] = (r, p) => Of(WhenTeamDisbandmentCancelled.Decide(r, p, News(new TeamDisbandmentCancelled(Team)), Now)),
        [nameof(WhenTeamDisbandedThenHandOver)] = (r, _) => [WhenTeamDisbandedThenHandOver.Decide(r, News(new TeamDisbanded(Team)), Now)],
        [nameof(ReassignmentProgress)] = (r, p) => [TeamReassignment.Follow(r, p, Now)],
        [nameof(WorkReassignment)] = (r, p) => [TeamReassignment.Follow(r, p, Now, (1, 1))],
        ["LastPage"] = (r, p) => [TeamReassignment.Follow(r, p with { Confirmed = 0 }, Now, (0, 0))],
    };

    [Fact]
    public void Every_command_does_in_every_state_what_the_table_says() =>
        new TransitionTable("Contracts/TeamReassignment.states.md", States.Keys, Commands.Keys).HoldsFor((state, command) =>
        {
            var process = States[state].Aggregate(default(TeamReassignment), TeamReassignment.Evolve);
            var panel = TeamPanel.Evolve(null, Panel with { Confirmed = 1, Leaving = state is "-" or "CallingOff" or "CalledOff" ? null : new(1, 0) });
            var decided = Commands[command](process, panel).Select(e => e.ToList()).ToList();
            var after = decided[0].Aggregate(process, TeamReassignment.Evolve);
            return ([.. decided.SelectMany(e => e)], after?.Status.ToString() ?? "-");
        });

    [Fact]
    public void Old_news_changes_nothing()
    {
        var process = States["CalledOff"].Aggregate(default(TeamReassignment), TeamReassignment.Evolve);
        var panel = TeamPanel.Evolve(null, Panel);
        Assert.Empty(WhenTeamDisbandmentStarted.Decide(process, panel, News(new TeamDisbandmentStarted(Team, new(2024, 5, 1), "merger", []), 5), Now).Item1);
        Assert.Empty(WhenTeamDisbandmentCancelled.Decide(process, panel, News(new TeamDisbandmentCancelled(Team), 6), Now).Item1);
    }

    [Fact]
    public void A_team_without_contracts_is_empty_at_once() => Assert.Equal(
        [typeof(ReassignmentStarted), typeof(ReassignmentProgressed), typeof(PanelEmptied)],
        WhenTeamDisbandmentStarted.Decide(null, TeamPanel.Evolve(null, Panel), News(new TeamDisbandmentStarted(Team, new(2024, 5, 1), "merger", [])), Now)
            .Item1.Select(e => e.GetType()));

    private static T News<T>(T message, long version = 9) where T : IntegrationEvents.IntegrationEvent => message with { StreamVersion = version };

    private static IEnumerable<DomainEvent>[] Of((IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) two) => [two.Item1, two.Item2];
}
