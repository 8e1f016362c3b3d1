using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Contracts.Tests.Reassigning;

/// <summary>A team's disbandment, as Teams announces it, on real servers.</summary>
[Collection("contracts")]
public sealed class DisbandmentOverHttpTests(ContractsFixture city)
{
    [Fact]
    public async Task Every_contract_of_a_team_finds_another_and_none_is_lost_even_over_a_restart()
    {
        const int Contracts = 230;
        var (team, small, large) = (await city.Team(Contracts + 5), await city.Team(3), await city.Team(Contracts));
        var contracts = await city.Sign(team, Contracts);
        var waiting = await city.Clinic.Do("/contracts", new { residentId = await city.RegisterResident(), teamId = team });
        var second = await city.StartInstance();

        await city.Publish(Started(team, version: 10, small, large));
        await Talking.Eventually(() => Progress(team), p => p.Remaining > 0);
        await second.DisposeAsync(); // whatever page it was on, the other instance goes on
        await city.Pass(() => Talking.Eventually(() => Reassigning(team), rows => rows == Contracts, seconds: 60));
        await city.Clinic.Refuses(409, "TEAM_NOT_ACCEPTING", "/contracts", new { residentId = await city.RegisterResident(), teamId = team });
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/contracts/{waiting.Id}/signature", new { proofMethod = "inPerson" });

        var details = await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contracts[0]}");
        Assert.Equal(ContractStatus.AwaitingReassignment, details!.Status);
        Assert.Contains(details.Reassignment!.ToTeamId!.Value, new[] { small, large });
        await city.Clinic.Do($"/contracts/{contracts[0]}/reassignment/acceptance");
        await city.Clinic.Do($"/contracts/{contracts[1]}/reassignment/objection");
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/contracts/{contracts[0]}/reassignment/acceptance");
        await Talking.Eventually(() => Progress(team), p => (p.Remaining, p.Transferred) == (Contracts - 2, 1));

        city.Clock.Now = city.Clock.Now.AddDays(31);
        var done = await city.Pass(() => Talking.Eventually(() => Progress(team), p => p.Status is ReassignmentStatus.Emptied, seconds: 60));
        Assert.Equal((0, Contracts - 1), (done.Remaining, done.Transferred));
        var panels = await Talking.Eventually(async () => await Panels(small, large), p => p.Sum(x => x.Confirmed) == Contracts - 1);
        Assert.All(panels, p => Assert.True(p.Confirmed <= p.Cap && p.Reserved == 0));
        Assert.Equal(0, (await Panels(team)).Single().Confirmed);
        Assert.Equal(ContractStatus.Active, (await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contracts[2]}"))!.Status);
        Assert.True((await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contracts[2]}"))!.Provisional);

        var told = await Published(team);
        Assert.Equal((0, Contracts - 1), (told[^1].Remaining, told[^1].Transferred));
        Assert.Equal(told.Select(t => t.Remaining).OrderDescending(), told.Select(t => t.Remaining));
    }

    [Fact]
    public async Task A_disbandment_that_is_called_off_leaves_everything_as_it_was()
    {
        var (team, successor) = (await city.Team(10), await city.Team(10));
        var contracts = await city.Sign(team, 4);
        await city.Publish(Started(team, version: 10, successor));
        await city.Pass(() => Talking.Eventually(() => Reassigning(team), rows => rows == 4));
        await city.Publish(Cancelled(team, version: 11));
        await city.Pass(() => Talking.Eventually(() => Progress(team), p => p.Status is ReassignmentStatus.CalledOff));
        await Talking.Eventually(() => Reassigning(team), rows => rows == 0);
        Assert.All(await Panels(team, successor), p => Assert.Equal(p.TeamId == team ? (4, 0) : (0, 0), (p.Confirmed, p.Reserved)));
        Assert.Equal(ContractStatus.Active, (await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contracts[0]}"))!.Status);
        await city.Clinic.Do("/contracts", new { residentId = await city.RegisterResident(), teamId = team });
    }

    [Fact]
    public async Task A_cancellation_that_comes_before_its_start_wins()
    {
        var team = await city.Team(2);
        await city.Sign(team, 1);
        await city.Publish(Cancelled(team, version: 11));
        await city.Publish(Started(team, version: 10, await city.Team(2)));
        await city.Publish(city.Activated(team, seats: 7, version: 12));
        await Talking.Eventually(async () => (await Panels(team)).Single(), p => p.Cap == 7);
        Assert.False((await Panels(team)).Single().Leaving);
    }

    [Fact]
    public async Task A_team_disbanded_with_contracts_left_hands_them_over_at_once_even_over_a_cap()
    {
        var (team, successor) = (await city.Team(4), await city.Team(1));
        await city.Sign(team, 3);
        await city.Publish(Started(team, version: 10, successor));
        await city.Pass(() => Talking.Eventually(() => Reassigning(team), rows => rows == 3));
        await city.Publish(new TeamDisbanded(team) { EventId = Guid.CreateVersion7(), StreamId = team, StreamVersion = 11, OccurredAt = city.Clock.Now, CorrelationId = "x" });
        await city.Pass(() => Talking.Eventually(() => Progress(team), p => p.Status is ReassignmentStatus.Emptied));
        var panel = await Talking.Eventually(async () => (await Panels(successor)).Single(), p => p.Confirmed == 3);
        Assert.Equal(1, panel.Cap);
    }

    private TeamDisbandmentStarted Started(Guid team, long version, params Guid[] successors) =>
        new(team, DateOnly.FromDateTime(city.Clock.Now.AddDays(40).Date), "merger", successors)
        { EventId = Guid.CreateVersion7(), StreamId = team, StreamVersion = version, OccurredAt = city.Clock.Now, CorrelationId = "x" };

    private TeamDisbandmentCancelled Cancelled(Guid team, long version) =>
        new(team) { EventId = Guid.CreateVersion7(), StreamId = team, StreamVersion = version, OccurredAt = city.Clock.Now, CorrelationId = "x" };

    private Task<ReassignmentOfTeam?> Progress(Guid team) => Look(() => city.Clinic.GetFromJsonAsync<ReassignmentOfTeam>($"/teams/{team}/reassignment"));

    private static async Task<T?> Look<T>(Func<Task<T?>> get) where T : class
    {
        try
        {
            return await get();
        }
        catch (HttpRequestException)
        {
            return null; // not there yet
        }
    }

    private async Task<int?> Reassigning(Guid team) => (await city.First.Services.GetRequiredService<Rows<ContractsOfTeam>>()
        .Where("team_id = $1 and reassigning", CancellationToken.None, team)).Count;

    private async Task<IReadOnlyList<PanelOfTeam>> Panels(params Guid[] teams)
    {
        var panels = new List<PanelOfTeam>();
        foreach (var team in teams)
            panels.Add((await city.Clinic.GetFromJsonAsync<PanelOfTeam>($"/teams/{team}/panel"))!);
        return panels;
    }

    private async Task<IReadOnlyList<IntegrationEvents.Contracts.ReassignmentProgressed>> Published(Guid team) =>
        [.. (await city.Told<IntegrationEvents.Contracts.ReassignmentProgressed>()).Where(p => p.TeamId == team)];
}
