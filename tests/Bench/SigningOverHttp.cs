using System.Text;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Bench;

/// <summary>Applied contracts are signed over HTTP: from the client's request to the answer that the events are durable.</summary>
public sealed class SigningOverHttp(bool quick) : Comparison
{
    private const int AtOnce = 64;
    private static readonly int[] LimitClients = [8, 16, 32, 64];
    private const int Teams = 100;
    private static readonly byte[] Proof = """{"proofMethod":"inPerson"}"""u8.ToArray();

    private readonly int signatures = quick ? 1024 : 4096;
    private readonly IdSource ids = new(TimeProvider.System);
    private readonly Guid[] teams = [.. Enumerable.Range(0, Teams).Select(n => Ids.Of($"Team:{n}"))];
    private Database ours = null!, limit = null!;
    private ContractsProcess service = null!;
    private long signed;
    private int bestClients;

    public override bool NeedsBroker => true;

    public override IEnumerable<Row> Rows => [
        new("http-sign", "sign a contract over HTTP",
            $"pgbench: the same two-stream append, in one prepared pipeline: both streams, as many events of the same bytes, the deadlines; the best of -c {string.Join(", ", LimitClients)}. "
                + $"Ours: contracts in its own process with token, views and relay; {AtOnce} clients, {Teams} teams, {signatures:N0} signatures a round, none twice",
            new(0.3, 0.6), Ours, Limit) { IsOneTask = true }];

    public override async Task Prepare(Ground ground)
    {
        (ours, limit) = (await ground.CreateDatabase(), await ground.CreateDatabase());
        service = await ContractsProcess.Start(ours, await ground.CreateDatabase(), ground.Broker);
        await using var post = await Post.Open(ground);
        await post.Services.GetRequiredService<IPublisher>().Publish([.. teams.Select(Activated)], CancellationToken.None);
        await ours.Until("select count(*) from mt_events where type = 'panel_opened'", Teams);
    }

    private TeamActivated Activated(Guid team) =>
        new(new TeamFacts(team, Ids.Of("Institution"), "330203", "样例团队", "Sample team", "Active", Ids.Of("Gp"), [new(Ids.Of("Gp"), "gp", 1)], MaxPanel: 1_000_000))
        {
            EventId = ids.Next(),
            CityId = "330200",
            StreamId = team,
            StreamVersion = 3,
            OccurredAt = TimeProvider.System.GetUtcNow(),
            RecordedAt = TimeProvider.System.GetUtcNow(),
            CorrelationId = $"{ids.Next():N}",
        };

    private async Task<Measured> Ours(TimeSpan _)
    {
        var contracts = await Apply();
        var measured = await Clients.Share(AtOnce, contracts, contract => service.Post($"/contracts/{contract}/signature", Proof));
        signed += contracts.Count;
        Unmeasurable.Unless(await ours.Scalar<long>("select count(*) from mt_events where type = 'contract_signed'"), signed, "signatures are in the log");
        return measured;
    }

    /// <summary>Residents who have applied, and a service that has nothing else to do any more.</summary>
    private async Task<IReadOnlyList<Guid>> Apply()
    {
        var residents = Enumerable.Range(0, signatures).Select(_ => ids.Next()).ToList();
        var rows = string.Join('\n', residents.Select(id => JsonSerializer.Serialize(new
        {
            id,
            occurredAt = TimeProvider.System.GetUtcNow(),
            residentId = id,
            resident = new
            {
                certificateType = "passport",
                certificateNumber = $"{id:N}"[^20..],
                name = "Sample Resident",
                sex = "female",
                birthDate = "1980-05-17",
                districtCode = "330203",
                eligibility = new { basis = "HouseholdRegistration", evidenceType = "register", since = "2010-01-01" },
            },
        })));
        await service.Post("/imports/residents", Encoding.UTF8.GetBytes(rows));

        var contracts = residents.Select((resident, n) => (Id: ids.Next(), Resident: resident, Team: teams[n % Teams])).ToList();
        await Clients.Share(AtOnce, contracts, contract => service.Post("/contracts",
            JsonSerializer.SerializeToUtf8Bytes(new { id = contract.Id, residentId = contract.Resident, teamId = contract.Team })));
        var last = await ours.Scalar<long>("select max(seq_id) from mt_events");
        await ours.Reach(Relay.Checkpoint, last);
        await ours.Run("checkpoint");
        return [.. contracts.Select(c => c.Id)];
    }

    private async Task<Measured> Limit(TimeSpan _)
    {
        if (bestClients > 0)
            return await Limit(bestClients);
        var trials = new List<(int Clients, Measured Measured)>();
        foreach (var clients in LimitClients)
            trials.Add((clients, await Limit(clients)));
        (bestClients, var best) = trials.MaxBy(t => t.Measured.PerSecond);
        return best;
    }

    private async Task<Measured> Limit(int clients)
    {
        // The numbers that pgbench counts up: turn and client.
        var enrolments = Enumerable.Range(0, signatures).Select(n => PgBench.Id(1000 * (1 + n / clients) + n % clients)).ToList();
        await limit.Empty();
        await limit.Fill([.. enrolments, .. Enumerable.Range(1, Teams).Select(n => PgBench.Id(PgBench.FirstPanel + n))], 3);
        await limit.Run("""
            insert into fd_deadlines (stream_id, name, kind, due_at) select id, 'LapseApplication', 'enrolment', now() + interval '14 days' from mt_streams;
            analyze; checkpoint
            """);
        var written = await ours.LastCommandWith("contract_signed");
        var byStream = written.ToLookup(e => e.Stream == written.Single(s => s.Type == "contract_signed").Stream);
        var deadlines = await ours.Scalar<string[]>(
            $"select array_agg(name) from fd_deadlines where stream_id = '{byStream[true].First().Stream}'");
        var measured = await PgBench.RunEach(limit, PgBench.Sign([.. byStream[true]], [.. byStream[false]], deadlines, Teams), clients, signatures / clients,
            [.. written.SelectMany(e => e.Variables)]);
        await limit.MustHold(3L * (signatures + Teams) + written.Count * signatures, "signing by pgbench");
        return measured;
    }

    public override async ValueTask DisposeAsync()
    {
        await (service?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }
}
