using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests;

[CollectionDefinition("contracts")]
public sealed class ContractsCollection : ICollectionFixture<ContractsFixture>;

/// <summary>The contracts service, with teams that Teams would announce and residents that are clearly samples.</summary>
public sealed class ContractsFixture() : ServiceFixture<Program>("contracts")
{
    private static int residents;

    /// <summary>Insurer and pharmacy: they accept whatever no test has other plans with.</summary>
    internal SampleCounterpart Counterpart { get; } = new();

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Linkage:Insurer:Address"] = $"{Counterpart.Address}/insurer",
        ["Linkage:Pharmacy:Address"] = $"{Counterpart.Address}/pharmacy/",
        ["Linkage:Insurer:Token"] = SampleCounterpart.Token,
        ["Linkage:Pharmacy:Token"] = SampleCounterpart.Token,
        ["Linkage:Insurer:PatienceSeconds"] = "0.5",
    };

    public override async Task InitializeAsync()
    {
        await Counterpart.Start();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Counterpart.DisposeAsync();
    }

    /// <summary>Announces a team with so many seats and waits until its panel is there.</summary>
    public async Task<Guid> Team(int seats, Guid? institution = null)
    {
        var id = Guid.CreateVersion7();
        var activated = Activated(id, seats, version: 3);
        await Publish(activated with { Team = activated.Team with { InstitutionId = institution ?? Sample.Institution } });
        await Talking.Until(async () => (await Clinic.GetAsync($"/teams/{id}/panel")).IsSuccessStatusCode);
        return id;
    }

    public TeamActivated Activated(Guid team, int seats, long version) => Stamped(new TeamActivated(new TeamFacts(team, Sample.Institution, "330203", "样例团队", "Sample team", "Active",
        Sample.Gp, [new(Sample.Gp, "gp", 1)], seats)), team, version);

    /// <summary>A message as a relay would send it.</summary>
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

    /// <summary>Business time goes on by itself while something is waited for: the pages come seconds apart.</summary>
    public async Task<T> Pass<T>(Func<Task<T>> wait)
    {
        var waited = wait();
        while (await Task.WhenAny(waited, Task.Delay(50)) != waited)
            Clock.Now = Clock.Now.AddSeconds(1);
        return await waited;
    }

    public HttpClient Clinic => First.Client(Role.Clinic);

    public static object Resident(int number) => new
    {
        certificateType = "identityCard",
        certificateNumber = Certificate(number),
        name = $"Sample Resident {number:00000}",
        sex = "female",
        birthDate = "1980-05-17",
        districtCode = "330203",
        eligibility = new { basis = "HouseholdRegistration", evidenceType = "register", since = "2010-01-01" },
    };

    public async Task<Guid> RegisterResident() => (await Clinic.Do("/residents", Resident(Interlocked.Increment(ref residents)))).Id;

    /// <summary>Registers many residents by import and returns their ids.</summary>
    public async Task<IReadOnlyList<Guid>> RegisterResidents(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        var rows = new StringBuilder();
        foreach (var id in ids)
        {
            var row = new { id = id.ToString(), occurredAt = Clock.Now, residentId = id, resident = Resident(Interlocked.Increment(ref residents)) };
            rows.AppendLine(JsonSerializer.Serialize(row));
        }
        using var response = await First.Client(Role.Import).PostAsync("/imports/residents", new StringContent(rows.ToString()));
        var result = await response.Content.ReadFromJsonAsync<ImportResult>();
        Assert.Equal(count, result!.Accepted);
        return ids;
    }

    /// <summary>A row of the past: a resident signs for a year.</summary>
    public static string PastContract(Guid contract, Guid resident, Guid team, DateTimeOffset at) => JsonSerializer.Serialize(new
    {
        id = contract.ToString(),
        occurredAt = at,
        contractId = contract,
        residentId = resident,
        teamId = team,
        termMonths = 12,
        proofMethod = "inPerson",
        guardianRef = (string?)null,
        renewals = Array.Empty<object>(),
    });

    /// <summary>Signs new residents with a team by import and returns their contracts.</summary>
    public async Task<IReadOnlyList<Guid>> Sign(Guid team, int count)
    {
        var (contracts, rows) = (new List<Guid>(), new StringBuilder());
        foreach (var resident in await RegisterResidents(count))
        {
            contracts.Add(Guid.CreateVersion7());
            rows.AppendLine(PastContract(contracts[^1], resident, team, Clock.Now));
        }
        using var response = await First.Client(Role.Import).PostAsync("/imports/contracts", new StringContent(rows.ToString()));
        Assert.Equal(count, (await response.Content.ReadFromJsonAsync<ImportResult>())!.Accepted);
        return contracts;
    }

    /// <summary>All that was told to the other services of one kind, in order.</summary>
    public async Task<IReadOnlyList<T>> Told<T>() where T : IntegrationEvents.IntegrationEvent
    {
        var client = First.Client(Role.Service);
        var (found, after, more) = (new List<T>(), 0L, true);
        while (more)
        {
            var page = (await client.GetFromJsonAsync<FeedPage>($"/integration-events?after={after}&limit=2000"))!;
            found.AddRange(page.Items.Where(i => i.Type == typeof(T).Name).Select(i => i.Message.Deserialize<T>(JsonSerializerOptions.Web)!));
            (after, more) = (page.Next, page.More);
        }
        return found;
    }

    public static string Certificate(int number)
    {
        var digits = "999999" + "19800517" + number.ToString("000", CultureInfo.InvariantCulture)[^3..];
        digits = string.Concat((999999 - number / 1000).ToString("000000", CultureInfo.InvariantCulture), digits.AsSpan(6));
        return digits + Certificates.CheckDigit(digits);
    }
}
