extern alias contracts;

using System.Diagnostics;
using contracts::FamilyDoctor.Contracts;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>
/// All contracts of a city ended on one day, and their grace with it. When they expire, each gives its seat back, and
/// whoever signs meanwhile should hardly notice.
/// </summary>
public sealed class YearsTurn(bool quick) : Comparison
{
    private const int AtOnce = 16;
    private const int Teams = 100;
    private const int Rounds = 10; // of both sides, with those that warm up
    private static readonly byte[] Proof = """{"proofMethod":"inPerson"}"""u8.ToArray();
    private static readonly DateTimeOffset Midnight = DateTimeOffset.Parse("2025-12-31T16:00:00Z"), Today = TimeProvider.System.GetUtcNow();
    private static readonly Guid Institution = Ids.Of("Institution"), Gp = Ids.Of("Gp");

    private readonly int ending = quick ? 10_000 : 100_000, signatures = quick ? 1_000 : 6_000;
    private readonly IdSource ids = new(TimeProvider.System);
    private readonly List<double> beside = [];
    private Queue<Guid> applied = [];
    private Database ours = null!;
    private RawRabbitMq raw = null!;
    private ContractsProcess service = null!;
    private int signed;

    public override bool NeedsBroker => true;

    public override IEnumerable<Row> Rows => [
        new("years-turn", "sign over HTTP at the year's turn",
            $"the same signings while the deadlines are held, as while a history is imported. {ending:N0} contracts of one day expire; "
                + $"contracts in its own process with token, views and relay; {AtOnce} clients, {Teams} teams, {signatures:N0} signatures a round",
            new(0.8, 0.9), Beside, Before) { IsOneTask = true, InTheEnd = WorkedOff }];

    public override async Task Prepare(Ground ground)
    {
        ours = await ground.CreateDatabase();
        await Fill();
        service = await ContractsProcess.Start(ours, await ground.CreateDatabase(), ground.Broker);
        raw = await RawRabbitMq.Open(ground.Broker);
        await Hold();
    }

    /// <summary>The city as it stands before the clock moves: contracts in their last days, and residents who have applied.</summary>
    private async Task Fill()
    {
        var store = new PostgresEventStore(ours.Source, new(ContractsEvents.Default));
        var residents = Enumerable.Range(0, ending + Rounds * signatures).Select(n => (Id: ids.Next(), Contract: ids.Next(), Team: Team(n), IsEnding: n < ending)).ToList();
        await store.Append([.. Enumerable.Range(0, Teams).Select(n => UnitOf<TeamPanel>(TeamPanel.StreamOf(Team(n), 2026), [
            new PanelOpened(Team(n), Institution, "330203", 2026, 1_000_000, true, Gp, 3, Rounds * signatures / Teams, ending / Teams)]))], CancellationToken.None);
        foreach (var page in residents.Chunk(4_000))
        {
            await store.Append([.. page.Select(r => UnitOf<Enrolment>(r.Id, [
                new ResidentRegistered(r.Id, "330203", "adult"), new EligibilityVerified(EligibilityBasis.HouseholdRegistration, "register", new(2010, 1, 1)),
                new ContractApplied(r.Contract, r.Id, r.Team, Institution, 12, [PackageCatalogue.Basic], r.Contract, Today.AddDays(14)),
                .. r.IsEnding ? Ended(r.Id, r.Contract, r.Team) : []]))], CancellationToken.None);
        }
        applied = new(residents.Where(r => !r.IsEnding).Select(r => r.Contract));
        // Long published.
        await ours.Run("insert into fd_open_history (one) values (true); "
            + $"insert into mt_event_progression (name, last_seq_id) select '{Relay.Checkpoint}', max(seq_id) from mt_events");
        await ours.Settle();
    }

    private static Guid Team(int n) => Ids.Of($"Team:{n % Teams}");

    private static DomainEvent[] Ended(Guid resident, Guid contract, Guid team) => [
        new ContractSigned(contract, resident, team, Gp, new(2025, 1, 1), new(2025, 12, 31), Midnight, new("inPerson", "bench"), null),
        new ContractGraceStarted(contract, new(2026, 1, 30), Midnight.AddDays(30))];

    private Unit UnitOf<T>(Guid stream, IReadOnlyList<DomainEvent> events) where T : class, IState<T>
    {
        var (kind, headers) = (StreamKind.Of<T>(), new Headers("330200", Midnight.AddYears(-1), Diary.By.Actor, 0));
        var state = events.Aggregate((object?)null, kind.Evolve);
        return new([new(stream, kind, 0, [.. events.Select(e => new NewEvent(ids.Next(), e, Diary.By.CorrelationId, null, headers))],
            [.. kind.Deadlines(state)], [], [.. kind.Aliases(state)])], []);
    }

    private async Task<Measured> Before(TimeSpan _) => await Sign();

    private async Task<Measured> Beside(TimeSpan _)
    {
        var (toExpire, began) = (await ToExpire(), Stopwatch.GetTimestamp());
        await service.Post("/imports/history/closing", []);
        var measured = await Sign();
        var left = await ToExpire();
        beside.Add((toExpire - left) / Stopwatch.GetElapsedTime(began).TotalSeconds);
        if (left == 0)
            throw new Unmeasurable("The bench stops: every contract was worked off before the signings were.");
        await Hold();
        return measured;
    }

    private async Task<Measured> Sign()
    {
        var contracts = Enumerable.Range(0, signatures).Select(_ => applied.Dequeue()).ToList();
        var measured = await Clients.Share(AtOnce, contracts, contract => service.Post($"/contracts/{contract}/signature", Proof));
        signed += signatures;
        Unmeasurable.Unless(await Count("contract_signed"), ending + signed, "signatures are in the log");
        return measured;
    }

    /// <summary>Nothing fires any more, and views, relay and broker have nothing left to do either.</summary>
    private async Task Hold()
    {
        await service.Post("/imports/history/opening", []);
        await ours.Until("select count(*) from fd_deadlines where due_at <= now() and claimed_until > now()", 0);
        await ours.Until("select max(seq_id) - (select min(last_seq_id) from mt_event_progression) from mt_events", 0);
        foreach (var queue in (string[])["teams", "referrals", "beds", "dashboard"])
            await raw.Empty(queue);
        await ours.Run("checkpoint");
    }

    private Task<long> ToExpire() => ours.Scalar<long>("select count(*) from fd_deadlines where due_at <= now()");

    private Task<long> Count(string type, string what = "*") => ours.Scalar<long>($"select count({what}) from mt_events where type = '{type}'");

    /// <summary>The rest, with nobody beside; then each contract must have ended once, and its seat be free.</summary>
    private async Task<string> WorkedOff()
    {
        var (toExpire, began) = (await ToExpire(), Stopwatch.GetTimestamp());
        await service.Post("/imports/history/closing", []);
        await ours.Until("select count(*) from fd_deadlines where due_at <= now()", 0);
        var alone = toExpire / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await ours.Until("select max(seq_id) - (select min(last_seq_id) from mt_event_progression) from mt_events", 0);
        Unmeasurable.Unless(await Count("contract_expired"), ending, "contracts expired");
        Unmeasurable.Unless(await Count("contract_expired", "distinct stream_id"), ending, "residents' contracts expired");
        Unmeasurable.Unless(await Count("panel_seat_released"), ending, "seats were given back");
        Unmeasurable.Unless(await ours.Scalar<long>("select sum(confirmed)::bigint from views.panel_of_team"), signed, "seats are taken");
        return $"{ending:N0} of {ending:N0} expired, each once; a second {beside.Order().ElementAt(beside.Count / 2):N0} beside the signings, "
            + $"{alone:N0} with nobody beside";
    }

    public override async ValueTask DisposeAsync()
    {
        await (raw?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (service?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }
}
