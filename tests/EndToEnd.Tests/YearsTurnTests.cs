using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Testing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A small city lives over the turn of a year, two days in a second, with all that moves contracts; services are killed meanwhile.</summary>
[Collection("city")]
public sealed class YearsTurnTests(ITestOutputHelper output)
{
    private const string SmallCity = """
        {
          "id": "990200", "key": "turning", "name": { "en": "Sample City", "zh": "示例市" }, "timeZone": "Asia/Shanghai",
          "clockStart": "2023-11-20T08:00:00+08:00", "speed": 172800, "defaultScale": 1, "seed": 3,
          "districts": [
            { "code": "990201", "name": { "en": "East", "zh": "东区" }, "population": 9001 },
            { "code": "990202", "name": { "en": "West", "zh": "西区" }, "population": 4003 }
          ],
          "figures": [
            { "key": "contracted2022", "value": 450, "meaning": "stock", "at": "2022-09-30", "unit": "residents", "source": { "title": "A sample", "date": "2022-10-10" } },
            { "key": "contracted2023", "value": 600, "meaning": "stock", "at": "2023-09-30", "unit": "residents", "source": { "title": "A sample", "date": "2023-10-10" } },
            { "key": "teams", "value": 5, "meaning": "stock", "at": "2023-09-30", "unit": "teams", "source": { "title": "A sample", "date": "2023-10-10" } },
            { "key": "doctors", "value": 8, "meaning": "stock", "at": "2023-09-30", "unit": "people", "source": { "title": "A sample", "date": "2023-10-10" } },
            { "key": "nurses", "value": 5, "meaning": "stock", "at": "2023-09-30", "unit": "people", "source": { "title": "A sample", "date": "2023-10-10" } },
            { "key": "appointments", "value": 500, "meaning": "flow", "from": "2022-10-01", "to": "2023-09-30", "unit": "appointments", "source": { "title": "A sample", "date": "2023-10-10" } }
          ],
          "assumptions": {
            "renewedShare": { "value": 0.75, "why": "So that some expire within weeks." },
            "terminatedShare": { "value": 0.1, "why": "So that some end within weeks." },
            "transferredShare": { "value": 0.3, "why": "So that some go within weeks." },
            "placedShare": { "value": 0.15, "why": "So that some are placed within weeks." },
            "disbandmentAfter": { "value": 3, "why": "So that it is over within weeks." }
          }
        }
        """;
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Fact]
    public async Task Contracts_in_are_contracts_active_and_ended_and_each_active_one_has_a_seat_in_every_team()
    {
        var file = Path.Combine(Path.GetTempPath(), $"turning-{Guid.CreateVersion7():N}.json");
        await File.WriteAllTextAsync(file, SmallCity);
        try
        {
            await using var city = await City.Start($"--City={file}");
            await Live(city);
            var day = await Newest(city);
            await Talking.Until(() => city.Scalar<bool>("contractsdb", $"select not exists (select 1 from fd_deadlines where due_at < '{EndOf(day):O}')"), seconds: 60);
            await city.IsDrained();

            var contracts = await Sums.Of(city, EndOf(day));
            output.WriteLine($"On {day:yyyy-MM-dd}: {contracts}");
            Assert.Empty(contracts.Faults);
            Assert.Equal(contracts.Signed, contracts.Active.Values.Sum() + contracts.Ended.Values.Sum());
            Assert.All(contracts.Teams, team => Assert.Equal(contracts.In[team], contracts.Active[team] + contracts.Ended[team] + contracts.MovedAway[team]));
            Assert.All(contracts.Teams, team => Assert.Equal((contracts.In[team], contracts.Active[team]), (contracts.SeatsTaken[team], contracts.SeatsTaken[team] - contracts.SeatsGiven[team])));
            await SeatsAreContracts(city);
            await LedgersTurned(city);
            await DisbandedTeamIsEmpty(city, contracts);
            await DashboardAgrees(city, contracts, day);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Until all has happened that moves contracts, with everybody killed once in the middle of it.</summary>
    private static async Task Live(City city)
    {
        await Happened(city, "contractsdb", "contract_transferred");
        await city.KillAndRestart("contracts");
        await Happened(city, "contractsdb", "contract_transferred", "data->>'Reason' = 'teamDisbanded'");
        foreach (var service in (string[])["contracts", "simulator", "teams", "dashboard"])
            await city.KillAndRestart(service);
        foreach (var type in (string[])["renewal_reminder_sent", "contract_renewed", "contract_grace_started", "contract_terminated", "contract_provisionally_reassigned"])
            await Happened(city, "contractsdb", type, $"(headers->>'occurredAt')::timestamptz > '2023-11-20T00:00:00Z'");
        await Happened(city, "contractsdb", "contract_transferred", "(data->>'Mandated')::bool and data->>'Reason' <> 'teamDisbanded'");
        await Happened(city, "contractsdb", "contract_transferred", "not (data->>'Mandated')::bool");
        await Happened(city, "contractsdb", "contract_expired", "data->>'EndsOn' >= '2023-12-20'");
        await Happened(city, "teamsdb", "team_disbanded");
        await city.Kill("simulator");
    }

    private static Task Happened(City city, string database, string type, string condition = "true") => Talking.Until(
        () => city.Scalar<bool>(database, $"select exists (select 1 from mt_events where type = '{type}' and {condition})"), seconds: 120);

    /// <summary>The last day on which anything happened to a contract; its clock goes on, but nothing is asked for any more.</summary>
    private static async Task<DateOnly> Newest(City city) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(new DateTimeOffset(
        await city.Scalar<DateTime>("contractsdb", "select max((headers->>'occurredAt')::timestamptz) from mt_events"), TimeSpan.Zero), Zone).DateTime);

    private static DateTimeOffset EndOf(DateOnly day) => new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).ToUniversalTime();

    /// <summary>As the service shows it now; one question, so both views are of the same moment.</summary>
    private static async Task SeatsAreContracts(City city)
    {
        await using var database = await city.Database("contractsdb");
        await using var command = database.CreateCommand("""
            select p.confirmed, count(c) filter (where c.status in ('Active', 'InGrace', 'AwaitingReassignment')),
                   p.reserved, count(c) filter (where c.status = 'PendingConfirmation')
            from views.panel_of_team p left join views.contracts_of_team c on c.team_id = p.team_id
            group by p.team_id, p.confirmed, p.reserved
            """);
        await using var row = await command.ExecuteReaderAsync();
        for (var team = 0; await row.ReadAsync(); team++)
        {
            Assert.Equal(row.GetInt64(1), row.GetInt32(0));
            Assert.Equal(row.GetInt64(3), row.GetInt32(2));
        }
    }

    /// <summary>What a panel was closed with in one year it was opened with in the next.</summary>
    private static async Task LedgersTurned(City city)
    {
        Assert.True(await city.Scalar<long>("contractsdb", "select count(*) from mt_events where type = 'panel_opened' and (data->>'Year')::int = 2024") >= 4);
        Assert.Equal(0L, await city.Scalar<long>("contractsdb", """
            select count(*) from (select data from mt_events where type = 'panel_closed') c
            full join (select data from mt_events o where type = 'panel_opened' and exists (
                select 1 from mt_events e where e.type = 'panel_closed' and e.data->>'TeamId' = o.data->>'TeamId' and (e.data->>'Year')::int = (o.data->>'Year')::int - 1)) o
              on c.data->>'TeamId' = o.data->>'TeamId' and (c.data->>'Year')::int = (o.data->>'Year')::int - 1
             and c.data->>'Confirmed' = o.data->>'Confirmed' and c.data->>'Reserved' = o.data->>'Reserved'
            where c.data is null or o.data is null
            """));
    }

    private static async Task DisbandedTeamIsEmpty(City city, Sums contracts)
    {
        await using var database = await city.Database("teamsdb");
        await using var command = database.CreateCommand("select (data->>'TeamId')::uuid, (data->>'ContractsTransferred')::int, (data->>'ContractsTerminated')::int from mt_events where type = 'team_disbanded'");
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        var team = row.GetGuid(0);
        Assert.Equal((0, contracts.LeftDisbandment[team]), (contracts.Active[team], row.GetInt32(1) + row.GetInt32(2)));
        Assert.False(await row.ReadAsync());
    }

    private static async Task DashboardAgrees(City city, Sums contracts, DateOnly day)
    {
        using var dashboard = await city.Client("dashboard");
        foreach (var (scope, expected) in contracts.Teams.Select(t => ($"team:{t}", contracts.Active[t])).Prepend(("city", contracts.Active.Values.Sum())))
        {
            var list = await dashboard.GetFromJsonAsync<List<JsonElement>>($"/api/kpis?scope={scope}&asOf={day:yyyy-MM-dd}");
            Assert.Equal((scope, (double)expected), (scope, list!.Single(k => k.GetProperty("code").GetString() == "K3").GetProperty("numerator").GetDouble()));
        }
    }

    /// <summary>What the log of Contracts adds up to, counted by contract and, apart from it, by seat.</summary>
    private sealed class Sums
    {
        public Dictionary<Guid, int> In { get; } = [];
        public Dictionary<Guid, int> Active { get; } = [];
        public Dictionary<Guid, int> Ended { get; } = [];
        public Dictionary<Guid, int> MovedAway { get; } = [];
        public Dictionary<Guid, int> SeatsTaken { get; } = [];
        public Dictionary<Guid, int> SeatsGiven { get; } = [];
        public Dictionary<Guid, int> LeftDisbandment { get; } = [];
        public List<string> Faults { get; } = [];
        public int Signed { get; private set; }
        public IReadOnlyCollection<Guid> Teams => In.Keys;

        private Dictionary<Guid, int>[] All => [In, Active, Ended, MovedAway, SeatsTaken, SeatsGiven, LeftDisbandment];

        private void Count(Dictionary<Guid, int> what, Guid team, int n = 1)
        {
            foreach (var one in All)
                one.TryAdd(team, 0);
            what[team] += n;
        }

        public static async Task<Sums> Of(City city, DateTimeOffset until)
        {
            var (sums, teams, leaving) = (new Sums(), new Dictionary<Guid, Guid>(), new HashSet<Guid>());
            await using var database = await city.Database("contractsdb");
            await using var command = database.CreateCommand("select stream_id, type, data::text from mt_events where (headers->>'occurredAt')::timestamptz < $1 order by seq_id");
            command.Parameters.Add(new() { Value = until.UtcDateTime });
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                using var data = JsonDocument.Parse(row.GetString(2));
                sums.Add(row.GetGuid(0), row.GetString(1), data.RootElement, teams, leaving);
            }
            return sums;
        }

        /// <param name="teams">Where each resident under contract is.</param>
        private void Add(Guid resident, string type, JsonElement data, Dictionary<Guid, Guid> teams, HashSet<Guid> leaving)
        {
            Guid Id(string name) => data.GetProperty(name).GetGuid();
            switch (type)
            {
                case "contract_signed":
                    Signed++;
                    Come(Id("TeamId"));
                    break;
                case "contract_expired" or "contract_terminated":
                    Count(Ended, Go(null));
                    break;
                case "contract_transferred" or "contract_provisionally_reassigned":
                    Count(MovedAway, Go(Id("FromTeam")));
                    Come(Id("ToTeam"));
                    break;
                case "panel_disbandment_started":
                    leaving.Add(Id("TeamId"));
                    break;
                case "panel_seat_confirmed":
                    Count(SeatsTaken, Id("TeamId"));
                    break;
                case "panel_seat_released":
                    if (data.GetProperty("WasConfirmed").GetBoolean())
                        Count(SeatsGiven, Id("TeamId"));
                    if (leaving.Contains(Id("TeamId")))
                        Count(LeftDisbandment, Id("TeamId"));
                    break;
            }

            void Come(Guid team)
            {
                if (!teams.TryAdd(resident, team))
                    Faults.Add($"{resident} has two contracts");
                Count(In, team);
                Count(Active, team);
            }

            Guid Go(Guid? from)
            {
                if (!teams.Remove(resident, out var team) || (from ?? team) != team)
                    Faults.Add($"{resident} left {from} by {type} and was with {team}");
                Count(Active, team, -1);
                return team;
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Signed} signed, {Active.Values.Sum()} active, {Ended.Values.Sum()} ended, {MovedAway.Values.Sum()} times to another team, {Teams.Count} teams");
    }
}
