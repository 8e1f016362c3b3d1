using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Panels;

/// <summary>Teams moves a team to another institution; here everything that lives on follows.</summary>
[Collection("contracts")]
public sealed class RehomingOverHttpTests(ContractsFixture city)
{
    [Fact]
    public async Task Panel_and_contracts_follow_their_team_and_what_ended_stays_where_it_was()
    {
        var (team, home) = (await city.Team(200), Guid.CreateVersion7());
        var contracts = await city.Sign(team, 120); // more than a page
        var waiting = await city.Clinic.Do("/contracts", new { residentId = await city.RegisterResident(), teamId = team });
        await city.Clinic.Do($"/contracts/{contracts[0]}/termination", new { reason = "MovedOut" });

        var moved = Moved(team, home, version: 8);
        // News of the move from another message, an older one, and the move twice.
        await city.Publish(city.Activated(team, 200, version: 9) is var later ? later with { Team = later.Team with { InstitutionId = home } } : null!);
        await Talking.Eventually(() => Panel(team), p => p.InstitutionId == home);
        await city.Publish(moved);
        await city.Publish(moved);
        await city.Publish(city.Activated(team, 190, version: 7));
        await Talking.Eventually(() => Contract(contracts[^1]), c => c.InstitutionId == home);
        foreach (var contract in contracts.Skip(1).Append(waiting.Id))
            await Talking.Eventually(() => Contract(contract), c => c.InstitutionId == home);
        Assert.Equal(Sample.Institution, (await Contract(contracts[0]))!.InstitutionId);
        Assert.Equal((home, 200), await Panel(team) is { } panel ? (panel.InstitutionId, panel.Cap) : default);
        await Talking.Eventually(() => Told(team), told => told.Count == 119); // of the application nobody else knows yet
    }

    [Fact]
    public async Task A_team_that_leaves_a_suspended_institution_works_and_one_that_joins_it_stops()
    {
        var (suspended, working) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var team = await city.Team(5);
        await city.Publish(Header(new InstitutionSuspended(new(suspended, "样例", "Sample", "330203", "Suspended", 0, 0), "inspection"), suspended, 4));
        await city.Publish(Moved(team, suspended, version: 8));
        await Talking.Eventually(() => Panel(team), p => p is { Stopped: true } && p.InstitutionId == suspended);
        await city.Clinic.Refuses(409, "TEAM_NOT_ACCEPTING", "/contracts", new { residentId = await city.RegisterResident(), teamId = team });
        await city.Publish(Moved(team, working, version: 9));
        await Talking.Eventually(() => Panel(team), p => p is { Stopped: false } && p.InstitutionId == working);
        await city.Clinic.Do("/contracts", new { residentId = await city.RegisterResident(), teamId = team });
    }

    private TeamRehomed Moved(Guid team, Guid home, long version)
    {
        var facts = city.Activated(team, 200, version).Team with { InstitutionId = home, DistrictCode = "330204" };
        return Header(new TeamRehomed(facts, Sample.Institution), team, version);
    }

    private T Header<T>(T message, Guid stream, long version) where T : IntegrationEvents.IntegrationEvent => message with
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = stream,
        StreamVersion = version,
        OccurredAt = city.Clock.Now,
        RecordedAt = city.Clock.Now,
        CorrelationId = Guid.CreateVersion7().ToString("N"),
    };

    private Task<PanelOfTeam?> Panel(Guid team) => city.Clinic.GetFromJsonAsync<PanelOfTeam>($"/teams/{team}/panel");

    private Task<ContractDetails?> Contract(Guid contract) => city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}");

    private async Task<List<IntegrationEvents.Contracts.ContractRehomed>?> Told(Guid team) =>
        [.. (await city.Told<IntegrationEvents.Contracts.ContractRehomed>()).Where(m => m.Contract.TeamId == team)];
}
