using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.Referrals.Tests;

[CollectionDefinition("referrals")]
public sealed class ReferralsCollection : ICollectionFixture<ReferralsFixture>;

/// <summary>The referrals service, with a hospital and contracts that the other services would announce.</summary>
public sealed class ReferralsFixture() : ServiceFixture<Program>("referrals")
{
    public HttpClient Clinic => First.Client(Role.Clinic);
    public HttpClient Desk => First.Client(Role.Hospital);

    private Instance? second;

    /// <summary>Another instance of the service, started when somebody first wants it.</summary>
    public async Task<Instance> Second() => second ??= await StartInstance();

    /// <summary>Today in the city.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Clock.Now.ToOffset(TimeSpan.FromHours(8)).DateTime);

    /// <summary>A hospital of level 2 with a cardiology and an MRI, known to the service.</summary>
    public async Task<Guid> Hospital(int level = 2)
    {
        var id = Guid.CreateVersion7();
        await Publish(Stamped(new HospitalRegistered(new(id, "样例医院", "Sample hospital", "330203", level, ["cardiology"], ["MRI"])), id, 1));
        await Knows<HospitalFacts>(id);
        return id;
    }

    /// <summary>A resident with an active contract, known to the service.</summary>
    public async Task<Guid> Resident()
    {
        var id = Guid.CreateVersion7();
        await Publish(Signed(id, version: 4));
        await Knows<KnownContract>(id);
        return id;
    }

    /// <summary>Many at once; they are known when the last is.</summary>
    public async Task<IReadOnlyList<Guid>> Residents(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var some in ids.Chunk(200))
        {
            await Task.WhenAll(some.Select(id => Publish(Signed(id, version: 4))));
            foreach (var id in some)
                await Knows<KnownContract>(id);
        }
        return ids;
    }

    /// <summary>An institution that works, known to the service.</summary>
    public async Task<Guid> Institution()
    {
        var id = Guid.CreateVersion7();
        await Publish(Stamped(new InstitutionActivated(new(id, "样例中心", "Sample center", "330205", "Active", 29.9, 121.5)), id, 2));
        await Knows<InstitutionFacts>(id);
        return id;
    }

    public ContractSigned Signed(Guid resident, long version) => Stamped(new ContractSigned(Facts(resident, "Active")), resident, version);

    public ContractTerminated Terminated(Guid resident, long version) =>
        Stamped(new ContractTerminated(Facts(resident, "Terminated"), "MovedOut", Today), resident, version);

    public ContractTransferred Transferred(Guid resident, Guid toTeam, long version) => Stamped(new ContractTransferred(
        Facts(resident, "Active") with { TeamId = toTeam }, Sample.Team, "residentWish", false, false, Today), resident, version);

    public ResidentDied Died(Guid resident, long version) => Stamped(new ResidentDied(resident, Today), resident, version);

    public async Task<T> Knows<T>(Guid id, Func<T, bool>? until = null) where T : class =>
        await Talking.Eventually(() => First.Services.GetRequiredService<Copies<T>>().Find(id, CancellationToken.None), until);

    /// <summary>A day of cardiology with these slots from 08:00, ten minutes each.</summary>
    public async Task<DateOnly> Day(Guid hospital, int inDays = 20, int familyDoctor = 3, int urgent = 1, int forPublic = 2)
    {
        var date = Today.AddDays(inDays);
        await Desk.Do("/quotas", new
        {
            hospitalId = hospital,
            service = "cardiology",
            date,
            firstSlot = "08:00",
            slotMinutes = 10,
            familyDoctor,
            urgent,
            @public = forPublic,
        });
        return date;
    }

    public static object Draft(Guid resident, Guid hospital, string priority = "routine", Guid? id = null) => new
    {
        id,
        residentId = resident,
        hospitalId = hospital,
        service = "cardiology",
        priority,
        reasonCode = "chestPain",
        conditionCodes = new[] { "I20" },
        clinicalSummary = "样例摘要 sample summary",
    };

    /// <summary>A referral sent for a slot of a day.</summary>
    public async Task<Guid> Sent(Guid hospital, DateOnly date, string priority = "routine")
    {
        var referral = await Clinic.Do("/referrals", Draft(await Resident(), hospital, priority));
        await Clinic.Do($"/referrals/{referral.Id}/hold", new { date });
        await Clinic.Do($"/referrals/{referral.Id}/submission", new { consentRef = "consent-1" });
        return referral.Id;
    }

    public Task<ImportResult> Import(string kind, params object[] rows) =>
        First.Client(Role.Import).Import(kind, string.Join('\n', rows.Select(r => JsonSerializer.Serialize(r, JsonSerializerOptions.Web))));

    /// <summary>What the service tells the others about a stream, in order.</summary>
    public async Task<IReadOnlyList<FeedItem>> Feed(Guid stream)
    {
        var items = new List<FeedItem>();
        var (after, more) = (0L, true);
        while (more)
        {
            var page = await First.Client(Role.Service).GetFromJsonAsync<FeedPage>($"/integration-events?after={after}&limit=2000");
            items.AddRange(page!.Items.Where(i => i.Message.GetProperty("streamId").GetGuid() == stream));
            (after, more) = (page.Next, page.More);
        }
        return items;
    }

    /// <summary>The stored names and business times of a stream's events, from the database itself.</summary>
    public async Task<IReadOnlyList<(string Type, DateTimeOffset OccurredAt)>> Stored(Guid stream)
    {
        await using var database = NpgsqlDataSource.Create(Database);
        await using var command = database.CreateCommand(
            "select type, (headers->>'occurredAt')::timestamptz from mt_events where stream_id = $1 order by version");
        command.Parameters.AddWithValue(stream);
        await using var row = await command.ExecuteReaderAsync();
        var stored = new List<(string, DateTimeOffset)>();
        while (await row.ReadAsync())
            stored.Add((row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)));
        return stored;
    }

    public TMessage Stamped<TMessage>(TMessage message, Guid stream, long version) where TMessage : IntegrationEvent => message with
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = stream,
        StreamVersion = version,
        OccurredAt = Clock.Now,
        RecordedAt = Clock.Now,
        CorrelationId = Guid.CreateVersion7().ToString("N"),
    };

    private static ContractFacts Facts(Guid resident, string status) => new(Ids.Of(resident, "contract"), resident, Sample.Team, Sample.Institution, "330203",
        Sample.Gp, new(2020, 1, 1), new(2020, 1, 1), new(2099, 12, 31), status, []);
}
