using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Panels;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>TeamPanel.states.md is what the code does.</summary>
public sealed class PanelTableTests
{
    private static readonly Guid Seat = new("00000000-0000-7000-8000-000000000021");
    private static readonly Contract Held = new(ContractId, Team, Institution, 12, ContractStatus.Active, default);
    private static readonly DomainEvent[] OneSeat = [Panel with { Cap = 3 }, Reserved, Confirmed];

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Open"] = OneSeat,
        ["Full"] = [Panel with { Cap = 1 }, Reserved, Confirmed],
        ["NotAccepting"] = [.. OneSeat, new PanelChanged(Team, 3, false, Gp, 4)],
        ["Stopped"] = [.. OneSeat, new PanelStopped(Team, true)],
        ["Leaving"] = [.. OneSeat, new PanelDisbandmentStarted(Team, new(2024, 5, 1), 4)],
        ["Closed"] = [.. OneSeat, new PanelClosed(Team, 2024, 0, 1)],
    };

    private static readonly Dictionary<string, Func<TeamPanel?, IEnumerable<DomainEvent>>> Commands = new()
    {
        [nameof(WhenTeamChanged)] = p => WhenTeamChanged.Decide(p, new TeamFacts(Team, Institution, "330203", "样例团队", "Sample team", "Active", Gp, [], p?.Cap ?? 3), 9, At("2024-04-01 09:00")),
        [nameof(WhenTeamRehomed)] = p => WhenTeamChanged.Decide(p, new TeamFacts(Team, Seat, "330204", "样例团队", "Sample team", "Active", Gp, [], p?.Cap ?? 3), 9, At("2024-04-01 09:00")),
        [nameof(InstitutionSuspended)] = p => WhenInstitutionChanged.Decide(p, stopped: true),
        [nameof(InstitutionResumed)] = p => WhenInstitutionChanged.Decide(p, stopped: false),
        ["Reserve"] = p => TeamPanel.Reserve(p, Seat),
        ["ReserveOverCap"] = p => TeamPanel.Reserve(p, Seat, overCap: true),
        ["Release"] = p => TeamPanel.Release(p, Held),
        [nameof(PublishSession)] = p => new PublishSession(Seat, Team, At("2024-04-02 09:00").Now, 15, 8).Decide(Seat, null, p, At("2024-04-01 09:00")),
    };

    [Fact]
    public void Every_command_does_in_every_state_what_the_table_says() =>
        new TransitionTable("Contracts/TeamPanel.states.md", States.Keys, Commands.Keys).HoldsFor((state, command) =>
        {
            var panel = Fold(null, States[state]);
            var events = Commands[command](panel).ToList();
            var after = Fold(panel, events.Where(e => e is not SessionPublished));
            return (events, StateOf(after));
        });

    [Fact]
    public void Older_news_of_a_team_changes_nothing() => Assert.Empty(WhenTeamChanged.Decide(Fold(null, States["Open"]),
        new TeamFacts(Team, Institution, "330203", "样例团队", "Sample team", "Active", null, [], 9), 3, At("2024-04-01 09:00")));

    [Fact]
    public void A_cap_below_the_seats_taken_is_told_as_an_overload_once()
    {
        var facts = new TeamFacts(Team, Institution, "330203", "样例团队", "Sample team", "Active", Gp, [], 0);
        var full = Fold(null, States["Full"]);
        var lowered = WhenTeamChanged.Decide(full, facts, 9, At("2024-04-01 09:00")).ToList();
        Assert.Equal([new PanelChanged(Team, 0, true, Gp, 9), new PanelOverCapacityDetected(Team, 0, 1)], lowered);
        Assert.Equal([new PanelChanged(Team, 0, true, Gp, 10)], WhenTeamChanged.Decide(Fold(full, lowered), facts, 10, At("2024-04-01 09:00")));
    }

    [Fact]
    public void A_suspension_that_was_faster_than_the_end_of_a_disbandment_before_it_counts()
    {
        var panel = Fold(null, [.. States["Leaving"], new PanelChanged(Team, 3, false, Gp, 7), new PanelDisbandmentCancelled(Team, 6)])!;
        Assert.Equal((false, 7L), (panel.TakesResidents, panel.TeamVersion));
        Assert.True(Fold(null, [.. States["Leaving"], new PanelDisbandmentCancelled(Team, 6)])!.TakesResidents);
    }

    [Fact]
    public void The_next_year_opens_with_all_that_the_last_one_knew()
    {
        var leaving = Fold(null, [.. States["Leaving"], new PanelSeatReleased(Team, ContractId, true, Transferred: true)])!;
        var (_, opened) = TeamPanel.Turn(leaving, 2025);
        Assert.Equal(leaving with { Year = 2025 }, TeamPanel.Evolve(null, opened));
    }

    private static string StateOf(TeamPanel? panel) => panel switch
    {
        null => "-",
        { IsClosed: true } => "Closed",
        { IsStopped: true } => "Stopped",
        { Leaving: not null } => "Leaving",
        { Accepting: false } => "NotAccepting",
        { Free: <= 0 } => "Full",
        _ => "Open",
    };

    private static TeamPanel? Fold(TeamPanel? panel, IEnumerable<DomainEvent> events) => events.Aggregate(panel, TeamPanel.Evolve);
}
