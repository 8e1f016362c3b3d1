using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Teams.Tests;

[CollectionDefinition("teams")]
public sealed class TeamsCollection : ICollectionFixture<TeamsFixture>;

/// <summary>The teams service with institutions and people that are clearly samples.</summary>
public sealed class TeamsFixture() : ServiceFixture<Program>("teams")
{
    public HttpClient Commission => First.Client(Role.Commission);

    public HttpClient Clinic => First.Client(Role.Clinic);

    public DateOnly Today => DateOnly.FromDateTime(Clock.Now.ToOffset(TimeSpan.FromHours(8)).DateTime);

    public static object InstitutionBody(Guid? id = null) => new
    {
        id,
        name = "样例社区卫生服务中心",
        nameEn = "Sample clinic",
        districtCode = "330203",
        address = "1 Sample Road",
        latitude = 29.87,
        longitude = 121.55,
        openingHours = new[] { new { day = "monday", opens = "08:00", closes = "17:30" } },
    };

    public async Task<Guid> Institution()
    {
        var institution = await Commission.Do("/institutions", InstitutionBody());
        await Commission.Do($"/institutions/{institution.Id}/activation");
        return institution.Id;
    }

    public async Task<Guid> Practitioner(Guid institution, string kind = "doctor", DateOnly? licenceValidTo = null) =>
        (await Clinic.Do("/practitioners", new { kind, institutionId = institution, qualifications = new[] { "sample" }, licenceValidTo })).Id;

    public async Task<Guid> Team(Guid institution) =>
        (await Clinic.Do("/teams", new { institutionId = institution, name = "样例团队", nameEn = "Sample team" })).Id;

    public Task<Done> Join(Guid team, Guid practitioner, string role = "gp", decimal fte = 1, bool lead = false) =>
        Clinic.Do($"/teams/{team}/members", new { practitionerId = practitioner, role, fte, lead });

    /// <summary>A team that works, with the doctor who leads it.</summary>
    public async Task<(Guid Team, Guid Leader, Guid Institution)> ActiveTeam()
    {
        var institution = await Institution();
        var (team, leader) = (await Team(institution), await Practitioner(institution));
        await Join(team, leader, lead: true);
        await Join(team, await Practitioner(institution, "nurse"), "nurse");
        await Clinic.Do($"/teams/{team}/activation");
        return (team, leader, institution);
    }

    public Task<ImportResult> Import(string kind, params object[] rows) =>
        First.Client(Role.Import).Import(kind, string.Join('\n', rows.Select(row => row as string ?? JsonSerializer.Serialize(row, JsonSerializerOptions.Web))));

    /// <summary>Contracts tells of so many residents of a team, and the service has counted them.</summary>
    public async Task Contracts(Guid team, Guid institution, int residents)
    {
        for (var i = 0; i < residents; i++)
        {
            var resident = Guid.CreateVersion7();
            await Publish(Stamped(new ContractSigned(new(Guid.CreateVersion7(), resident, team, institution, "330203", null, Today, Today, Today.AddYears(1), "Active", [])), resident));
        }
        var panels = First.Services.GetRequiredService<PanelCounts>();
        await Talking.Until(async () => (await panels.Of([team], default)).GetValueOrDefault(team) == residents);
    }

    public T Stamped<T>(T message, Guid stream, long version = 1) where T : IntegrationEvent => message with
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = stream,
        StreamVersion = version,
        OccurredAt = Clock.Now,
        RecordedAt = Clock.Now,
        CorrelationId = Guid.CreateVersion7().ToString("N"),
    };

    /// <summary>What the service has told the others about one stream, in order.</summary>
    public async Task<List<FeedItem>> Told(Guid stream)
    {
        var told = new List<FeedItem>();
        var page = new FeedPage([], 0, true);
        while (page.More)
        {
            page = (await First.Client(Role.Service).GetFromJsonAsync<FeedPage>($"/integration-events?after={page.Next}"))!;
            told.AddRange(page.Items.Where(i => i.Message.GetProperty("streamId").GetGuid() == stream));
        }
        return told;
    }
}
