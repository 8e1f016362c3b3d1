using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Disbanding;
using static FamilyDoctor.Teams.Tests.Sample;

namespace FamilyDoctor.Teams.Tests.Disbanding;

/// <summary>Contracts counts who has left; many leave at one deadline, and news may overtake each other.</summary>
public sealed class DisbandmentProgressTests
{
    private static readonly Moment Day = new PolicyBook(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).At(DateTimeOffset.Parse("2024-04-10T01:00:00Z"));
    private static readonly DateTimeOffset Deadline = Day.Now.AddHours(-9);

    public static TheoryData<string, (int Remaining, DateTimeOffset At)[]> News => new()
    {
        { "at one deadline", [(2, Deadline), (1, Deadline), (0, Deadline)] },
        { "with a look in between that is dated later than the deadline", [(2, Deadline.AddHours(3)), (1, Deadline), (0, Deadline)] },
        { "in disorder", [(1, Deadline), (2, Deadline.AddHours(3)), (0, Deadline), (1, Deadline)] },
    };

    [Theory, MemberData(nameof(News))]
    public void The_team_ends_when_the_last_has_left(string how, (int Remaining, DateTimeOffset At)[] news)
    {
        var team = ((DomainEvent[])[.. AnActiveTeam, new TeamDisbandmentStarted(TeamId, new(2024, 4, 9), Deadline, "merged", [OtherTeam], 3, 0)])
            .Aggregate((Team?)null, Team.Evolve);
        foreach (var (remaining, at) in news)
        {
            team = WhenReassignmentProgressed.Decide(team, new ReassignmentProgressed(TeamId, remaining, 3 - remaining, 0) { OccurredAt = at }, Day)
                .Aggregate(team, Team.Evolve);
        }
        Assert.True(team!.Status is TeamStatus.Disbanded, how);
    }
}
