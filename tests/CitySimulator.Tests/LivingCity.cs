extern alias beds;
extern alias referrals;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Living;
using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>The days of a plan, step by step at their time, against Referrals and Beds as they are; what Teams and Contracts would tell them is told here.</summary>
internal sealed class LivingCity : IHttpClientFactory, IDisposable
{
    private readonly Plan plan;
    private readonly ReferralsOfCity referrals;
    private readonly BedsOfCity beds;
    private readonly Services services;
    private readonly Dictionary<Guid, Resident> residents;
    private readonly HashSet<Guid> known = [];
    private readonly HashSet<string> ended = [];
    private readonly Dictionary<Guid, Guid> hospitalOf = [];
    private readonly NpgsqlDataSource[] databases;
    private long told, toldOfBeds;

    public LivingCity(Plan plan, ReferralsOfCity referrals, BedsOfCity beds)
    {
        (this.plan, this.referrals, this.beds) = (plan, referrals, beds);
        services = new(this, TimeProvider.System, NullLogger<Services>.Instance);
        residents = plan.Population.Residents.ToDictionary(plan.IdOf);
        databases = [NpgsqlDataSource.Create(referrals.Database), NpgsqlDataSource.Create(beds.Database)];
    }

    public Dictionary<string, int> Done { get; } = [];
    public List<string> Refused { get; } = [];
    /// <summary>How many referrals each hospital got: sent to it, or sent on to it and not further.</summary>
    public Dictionary<Guid, int> Submitted { get; } = [];

    public async Task Live(int days)
    {
        At(plan.End);
        await Found();
        var (live, ahead, number) = (new LivePlan(plan), new PriorityQueue<Step, (DateTimeOffset, long)>(), 0L);
        for (var day = plan.City.Today; day < plan.City.Today.AddDays(days); day = day.AddDays(1))
        {
            foreach (var step in live.Continue().Where(s => s.Service is not "teams"))
                ahead.Enqueue(step, (step.At, number++));
            At(plan.Days.At(day, 1));
            await NothingIsDue(plan.Days.At(day, 1));
            while (ahead.TryPeek(out var next, out _) && plan.Days.DateOf(next.At) <= day)
            {
                ahead.Dequeue();
                await Take(next);
            }
            await TellBeds();
        }
    }

    /// <summary>Where each referral that was sent stands now, and at which hospital.</summary>
    public async Task<IReadOnlyList<(Guid Id, Guid Hospital, string Status)>> Stands()
    {
        using var desk = CreateClient("");
        var stands = new List<(Guid, Guid, string)>();
        foreach (var id in hospitalOf.Keys)
        {
            var found = await desk.GetFromJsonAsync<JsonElement>($"http://referrals/referrals/{id}");
            stands.Add((id, found.GetProperty("hospitalId").GetGuid(), found.GetProperty("status").GetString()!));
        }
        return stands;
    }

    public HttpClient CreateClient(string name) => new(new Addresses(this));

    public void Dispose()
    {
        foreach (var database in databases)
            database.Dispose();
    }

    private void At(DateTimeOffset now) => (referrals.Clock.Now, beds.Clock.Now) = (now, now);

    /// <summary>The directory, and the days that the founding would have opened.</summary>
    private async Task Found()
    {
        foreach (var institution in plan.Staffing.Institutions)
        {
            var district = plan.City.Districts[institution.District].Code;
            await Tell(new InstitutionActivated(new(institution.Id, "样例", "Sample", district, "Active", 29, 121)), institution.Id, 1);
        }
        foreach (var hospital in plan.Hospitals)
            await Tell(new HospitalRegistered(new(hospital.Id, "样例", "Sample", "330203", hospital.Level, hospital.Services, hospital.Modalities)), hospital.Id, 1);
        foreach (var row in plan.BedCare.Capacities)
            await Post("beds", "/bed-capacities", new { row.InstitutionId, row.DistrictCode, row.Approved });
        foreach (var q in plan.Referring.Clinics.All.Where(d => d.Date > plan.City.Today).Select(plan.Referring.Quota))
            await Post("referrals", "/quotas", new { q.HospitalId, q.Service, q.Date, q.FirstSlot, q.SlotMinutes, q.FamilyDoctor, q.Urgent, q.Public });
        foreach (var b in plan.Examining.Devices.All.Where(d => d.Date > plan.City.Today).Select(plan.Examining.Book))
            await Post("referrals", "/exam-books", new { b.HospitalId, b.Modality, b.Date, b.FirstSlot, b.SlotMinutes, b.Slots });
    }

    private async Task Take(Step step)
    {
        if (ended.Contains(step.Case))
            return;
        At(step.At);
        var path = step.FindPath is { } find ? await find(services, default) : step.Path;
        if (path is null)
        {
            End(step, "NOTHING_TO_DO");
            return;
        }
        var body = JsonSerializer.SerializeToElement(step.BodyAt?.Invoke(step.At) ?? step.Body ?? new { }, Wire.Json);
        await Know(body);
        var code = step.Service is "contracts" ? await Contracts(step, path)
            : await services.Command(step.Service, step.Method, path, body, plan.Choice.Id("step", $"{step.Case} {path}"), default);
        if (code is not null)
        {
            End(step, code);
            return;
        }
        Done[step.What] = Done.GetValueOrDefault(step.What) + 1;
        if (step.What is "urgent deteriorations")
            await TellReferrals(Guid.Parse(path.Split('/')[2]));
        Count(step, path, body);
    }

    private void Count(Step step, string path, JsonElement body)
    {
        if (step.What is "referrals drafted")
        {
            hospitalOf[body.GetProperty("id").GetGuid()] = body.GetProperty("hospitalId").GetGuid();
            return;
        }
        if (step.What is not ("referrals submitted" or "referrals sent on"))
            return;
        var id = Guid.Parse(path.Split('/')[2]);
        if (step.What is "referrals sent on")
        {
            Submitted[hospitalOf[id]]--;
            hospitalOf[id] = body.GetProperty("redirectTo").GetGuid();
        }
        Submitted[hospitalOf[id]] = Submitted.GetValueOrDefault(hospitalOf[id]) + 1;
    }

    private void End(Step step, string code)
    {
        ended.Add(step.Case);
        if (step.Service is not "contracts")
            Refused.Add($"{step.What} {code}{(code is "EXAM_CONTRAINDICATED" ? "" : $" at {step.At:O}, {step.Case}")}");
    }

    /// <summary>What Contracts would make of it: only deaths and ended contracts concern the others.</summary>
    private async Task<string?> Contracts(Step step, string path)
    {
        var resident = step.What switch
        {
            "deaths in a family bed" => residents[Guid.Parse(path.Split('/')[2])],
            "contracts ended with a bed" => residents.Values.Single(r => Enumerable.Range(0, 10).Any(n => plan.ContractId(r, n) == Guid.Parse(path.Split('/')[2]))),
            _ => null,
        };
        if (resident is null)
            return null;
        var (id, isDead, on) = (plan.IdOf(resident), step.What is "deaths in a family bed", plan.Days.DateOf(step.At));
        if (isDead)
            await Tell(new ResidentDied(id, on), id, 8);
        await Tell(new ContractTerminated(Facts(resident, "Terminated"), isDead ? "Died" : "MovedOut", on), id, 9);
        var bed = plan.Choice.Id("bed", step.Case["bed:".Length..]);
        await Talking.Until(() => Scalar<bool>("beds", $"select exists (select 1 from mt_events where stream_id = '{bed}' and type in ('bed_closed', 'bed_closure_due'))"));
        return null;
    }

    /// <summary>Whom a step is about is under contract, and so both services know.</summary>
    private async Task Know(JsonElement body)
    {
        if (body.TryGetProperty("residentId", out var value) && value.ValueKind is JsonValueKind.String && value.GetGuid() is var id && known.Add(id))
        {
            await Tell(new ContractSigned(Facts(residents.GetValueOrDefault(id) ?? plan.Population.Residents.Single(r => plan.IdOf(r) == id), "Active")), id, 5);
            await Talking.Eventually(() => referrals.First.Services.GetRequiredService<Copies<Referrals.KnownContract>>().Find(id, default));
            await Talking.Eventually(() => beds.First.Services.GetRequiredService<Copies<Beds.CareContract>>().Find(id, default));
        }
    }

    private ContractFacts Facts(Resident resident, string status) => new(plan.ContractId(resident, 0), plan.IdOf(resident), resident.Team.Id,
        resident.Team.Institution.Id, plan.City.Districts[resident.District].Code, resident.Team.Leader.Id, resident.SignedOn, resident.SignedOn,
        DateOnly.MaxValue, status, []);

    /// <summary>What Referrals said since the last time, for whoever listens in Beds.</summary>
    private async Task TellBeds()
    {
        using var feed = CreateClient("");
        for (var page = await Read(); page.Next > told || page.Items.Count > 0; page = await Read())
        {
            foreach (var item in page.Items)
            {
                if (item.Type is nameof(DownReferralProposed))
                    await beds.Publish(item.Message.Deserialize<DownReferralProposed>(JsonSerializerOptions.Web)!);
                else if (item.Type is nameof(PatientArrived))
                    await beds.Publish(item.Message.Deserialize<PatientArrived>(JsonSerializerOptions.Web)!);
            }
            told = page.Next;
        }

        async Task<FeedPage> Read() => (await feed.GetFromJsonAsync<FeedPage>($"http://referrals/integration-events?after={told}&limit=2000"))!;
    }

    /// <summary>What Beds said of a visit, for Referrals, which acts on it by itself.</summary>
    private async Task TellReferrals(Guid visit)
    {
        using var feed = CreateClient("");
        await Talking.Until(async () =>
        {
            var page = (await feed.GetFromJsonAsync<FeedPage>($"http://beds/integration-events?after={toldOfBeds}&limit=2000"))!;
            var worse = page.Items.Where(i => i.Type is nameof(DeteriorationDetected)).Select(i => i.Message.Deserialize<DeteriorationDetected>(JsonSerializerOptions.Web)!).ToList();
            foreach (var message in worse)
                await referrals.Publish(message);
            toldOfBeds = page.Next;
            return worse.Any(w => w.Visit.VisitId == visit);
        });
        await Talking.Until(() => Scalar<bool>("referrals", $"select exists (select 1 from mt_events where type = 'referral_stepped_up' and data->>'VisitId' = '{visit}')"));
    }

    private async Task Tell(IntegrationEvent message, Guid stream, long version)
    {
        var stamped = message with { EventId = Guid.CreateVersion7(), CityId = "330200", StreamId = stream, StreamVersion = version, OccurredAt = referrals.Clock.Now, RecordedAt = referrals.Clock.Now };
        await referrals.Publish(stamped);
        await beds.Publish(stamped);
    }

    private async Task Post(string service, string path, object body) =>
        Assert.Null(await services.Command(service, HttpMethod.Post, path, body, Guid.CreateVersion7(), default));

    private Task NothingIsDue(DateTimeOffset now) => Task.WhenAll(((string[])["referrals", "beds"]).Select(service =>
        Talking.Until(() => Scalar<bool>(service, $"select not exists (select 1 from fd_deadlines where due_at <= '{now:O}')"))));

    private async Task<T> Scalar<T>(string service, string sql)
    {
        await using var command = databases[service is "beds" ? 1 : 0].CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Services are asked by their names; each answers where its test keeps it.</summary>
    private sealed class Addresses : DelegatingHandler
    {
        private readonly LivingCity city;

        public Addresses(LivingCity city) : base(new SocketsHttpHandler()) => this.city = city;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string[] roles = [Role.Clinic, Role.Hospital, Role.Commission, Role.Service];
            var isBeds = request.RequestUri!.Host is "beds";
            request.RequestUri = new(isBeds ? city.beds.First.ClientOptions.BaseAddress : city.referrals.First.ClientOptions.BaseAddress, request.RequestUri.PathAndQuery);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", isBeds ? city.beds.Token(roles) : city.referrals.Token(roles));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
