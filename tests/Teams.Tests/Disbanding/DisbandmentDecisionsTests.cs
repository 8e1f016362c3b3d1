using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Disbanding;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Disbanding;

/// <summary>Whoever takes the residents is another team, named once, with room for them.</summary>
public sealed class DisbandmentDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly Guid ThirdTeam = new("00000000-0000-7000-8000-000000000012");
    private static readonly StartDisbandment Start = new(new(2024, 5, 1), "merged", [OtherTeam]);
    private static readonly TeamDisbandmentStarted Started = new(TeamId, new(2024, 5, 1), DateTimeOffset.Parse("2024-04-30T16:00:00Z"), "merged", [OtherTeam], 10, 0);
    private static readonly TeamDisbanded Disbanded = new(TeamId, Today, 10, 0, null);

    [Fact]
    public void A_successor_is_another_team_named_once()
    {
        Starting(Start).Then(Started);
        Starting(Start with { Successors = [OtherTeam, OtherTeam] }).ThenRefused("RULE_VIOLATION");
        Starting(Start with { Successors = [TeamId] }).ThenRefused("RULE_VIOLATION");
        Starting(Start with { Successors = [OtherTeam, ThirdTeam] }).ThenEvents(typeof(TeamDisbandmentStarted));
    }

    [Theory]
    [InlineData("2024-03-30", false)]
    [InlineData("2024-03-31", true)] // 30 days ahead
    [InlineData("2029-03-01", true)] // five years
    [InlineData("2029-03-02", false)]
    public void It_is_told_ahead_but_not_for_ever(string day, bool possible)
    {
        var outcome = Starting(Start with { EffectiveOn = DateOnly.Parse(day) });
        if (possible)
            outcome.ThenEvents(typeof(TeamDisbandmentStarted));
        else
            outcome.ThenRefused("RULE_VIOLATION");
    }

    [Fact]
    public void Successors_have_room_where_there_are_any()
    {
        Starting(Start with { Successors = [] }, contracts: 3000).ThenEvents(typeof(TeamDisbandmentStarted));
        Starting(Start, contracts: 2000).ThenEvents(typeof(TeamDisbandmentStarted));
        Starting(Start, contracts: 2001).ThenRefused("SUCCESSOR_CAPACITY_SHORT");
        // One that has too many already takes nothing from the room of the other.
        Starting(Start with { Successors = [OtherTeam, ThirdTeam] }, contracts: 2000, ofThird: 2500).ThenEvents(typeof(TeamDisbandmentStarted));
    }

    [Fact]
    public void Starting_again_is_the_same_only_with_the_same_day_and_successors()
    {
        Starting(Start, history: [Started]).ThenNothing();
        Starting(Start with { Successors = [ThirdTeam] }, history: [Started]).ThenRefused("INVALID_TRANSITION");
        Starting(Start with { EffectiveOn = new(2024, 5, 2) }, history: [Started]).ThenRefused("INVALID_TRANSITION");
    }

    [Fact]
    public void Residents_are_left_behind_only_for_a_reason() =>
        Given<Team>([.. AnActiveTeam, Started]).When("2024-05-01 09:00", new CompleteDisbandment(" ").Decide).ThenRefused("CONTRACTS_REMAIN");

    [Fact]
    public void The_clock_ends_no_team_before_its_day()
    {
        Given<Team>([.. AnActiveTeam, Started]).When("2024-04-30 23:59", CompleteDueDisbandment.Decide).ThenNothing();
        Given<Team>([.. AnActiveTeam, Started]).When("2024-05-01 00:00", CompleteDueDisbandment.Decide).Then(new TeamDisbandmentOverdue(TeamId, 10));
    }

    [Fact]
    public void A_count_is_taken_once_and_never_below_none()
    {
        var first = new TeamDisbandmentProgressed(TeamId, 10, 0, 0, At(Morning).Now);
        Given<Team>([.. AnActiveTeam, Started]).When(Morning, (t, at) => Counted(t, at, 10, 0, 0)).Then(first);
        Given<Team>([.. AnActiveTeam, Started, first]).When(Morning, (t, at) => Counted(t, at, 10, 1, 0)).ThenNothing();
        Given<Team>([.. AnActiveTeam, Started, first with { Remaining = 4 }]).When(Morning, (t, at) => Counted(t, at, 6, 4, 0)).ThenNothing();
        Given<Team>([.. AnActiveTeam, Started, first]).When(Morning, (t, at) => Counted(t, at, -1, 11, 0)).ThenNothing();
        Given<Team>([.. AnActiveTeam, Started, first]).When(Morning, (t, at) => Counted(t, at, 9, -1, 0)).ThenNothing();
        Given<Team>([.. AnActiveTeam, Started, first]).When(Morning, (t, at) => Counted(t, at, 9, 0, -1)).ThenNothing();
    }

    [Fact]
    public void Members_are_free_when_their_team_has_ended_and_keep_a_studio_of_another()
    {
        DomainEvent[] owner = [Doctor, Stars(5, 2023), new StudioOpened(StudioId, Gp, TeamId, Clinic, "330203")];
        var given = Given<PractitionerLoad>(DoctorAssigned, LeadIsTaken);
        given.And<Practitioner>(owner).And<Team>([.. AnActiveTeam, Started]).When(Morning, WhenTeamDisbandedThenMembersAreFree.Decide).ThenNothing();
        given.And<Practitioner>(owner).And<Team>([.. AnActiveTeam, Started, Disbanded]).When(Morning, WhenTeamDisbandedThenMembersAreFree.Decide)
            .Then(new LeadReleased(Gp, TeamId), new PractitionerReleased(Gp, TeamId), new StudioClosed(StudioId, Gp, "teamDisbanded"));
        given.And<Practitioner>(Doctor, Stars(5, 2023), new StudioOpened(StudioId, Gp, OtherTeam, Clinic, "330203")).And<Team>([.. AnActiveTeam, Started, Disbanded])
            .When(Morning, WhenTeamDisbandedThenMembersAreFree.Decide).Then(new LeadReleased(Gp, TeamId), new PractitionerReleased(Gp, TeamId));
    }

    private static IEnumerable<DomainEvent> Counted(Team? team, Moment at, int remaining, int transferred, int terminated) =>
        WhenReassignmentProgressed.Decide(team, new ReassignmentProgressed(TeamId, remaining, transferred, terminated) { OccurredAt = at.Now }, at);

    private static Outcome Starting(StartDisbandment command, int contracts = 10, int ofThird = 0, DomainEvent[]? history = null) =>
        Given<Team>([.. AnActiveTeam, .. history ?? []]).When(Morning, (team, at) =>
            command.Decide(team, [.. command.Successors!.Distinct().Select(id => new Successor(Working(id), id == ThirdTeam ? ofThird : 0))], contracts, at));

    private static Team Working(Guid id) =>
        new DomainEvent[] { Formed with { TeamId = id } }.Concat(AnActiveTeam.Skip(1)).Aggregate(default(Team), Team.Evolve)!;
}
