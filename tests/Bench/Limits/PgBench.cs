using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FamilyDoctor.Bench;

/// <summary>PostgreSQL's own load generator: no client costs less. Every transaction is prepared and sent as one pipeline.</summary>
public static partial class PgBench
{
    /// <summary>Id of a new stream: ascending, as ours are.</summary>
    private const string NextId = """
        \set n :n + 1
        \set id :n * 1000 + :client_id

        """;

    /// <summary>A transaction that opens a stream with two events.</summary>
    public const string NewStream = $"""
        {NextId}\startpipeline
        begin;
        insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
          values (lpad(:id::bigint::text, 32, '0')::uuid, 'diary', 2, now(), now(), '*DEFAULT*', false);
        insert into mt_events ({RawSql.EventColumns}) values
          (nextval('mt_events_sequence'), gen_random_uuid(), lpad(:id::bigint::text, 32, '0')::uuid, 1, :opened::jsonb, 'diary_opened', now(), '*DEFAULT*',
           :opened_type, :correlation, null, :headers::jsonb, false),
          (nextval('mt_events_sequence'), gen_random_uuid(), lpad(:id::bigint::text, 32, '0')::uuid, 2, :noted::jsonb, 'visit_noted', now(), '*DEFAULT*',
           :noted_type, :correlation, null, :headers::jsonb, false);
        commit;
        \endpipeline
        """;

    /// <summary>A transaction that adds one event to the stream they all want.</summary>
    public const string OneHotStream = $"""
        \startpipeline
        with s as (update mt_streams set version = version + 1 where id = :stream::uuid returning id, version)
          insert into mt_events ({RawSql.EventColumns}) select nextval('mt_events_sequence'), gen_random_uuid(), s.id, s.version, :noted::jsonb, 'visit_noted',
            now(), '*DEFAULT*', :noted_type, :correlation, null, :headers::jsonb, false from s;
        \endpipeline
        """;

    public const long FirstPanel = 900_000_000;

    /// <summary>
    /// A transaction that signs an applied contract: its enrolment and one of so many panels go on by these events, the
    /// deadline of the application goes, these deadlines come.
    /// </summary>
    public static string Sign(IReadOnlyList<Written> enrolment, IReadOnlyList<Written> panel, IReadOnlyList<string> deadlines, int panels) => $"""
        {NextId}\set panel {FirstPanel} + random(1, {panels})
        \startpipeline
        begin;
        {Append("id", enrolment)}
        delete from fd_deadlines where stream_id = lpad(:id::bigint::text, 32, '0')::uuid and name = 'LapseApplication';
        insert into fd_deadlines (stream_id, name, kind, due_at)
          select lpad(:id::bigint::text, 32, '0')::uuid, d.name, 'enrolment', now() + interval '1 year' from unnest(array['{string.Join("', '", deadlines)}']) as d(name)
          on conflict (stream_id, name) do update set due_at = excluded.due_at, claimed_until = null;
        {Append("panel", panel)}
        commit;
        \endpipeline
        """;

    private static string Append(string number, IReadOnlyList<Written> events) => $"""
        with s as (update mt_streams set version = version + {events.Count} where id = lpad(:{number}::bigint::text, 32, '0')::uuid returning id, version)
          insert into mt_events ({RawSql.EventColumns})
          select nextval('mt_events_sequence'), gen_random_uuid(), s.id, s.version - {events.Count} + e.n, e.data, e.type, now(), '*DEFAULT*', e.dotnet,
            e.correlation, null, e.headers, false
          from s, (values {string.Join(", ", events.Select((e, i) =>
              $"({i + 1}, :{e.Name}::jsonb, :{e.Name}_type, :{e.Name}_dotnet, :{e.Name}_correlation, :{e.Name}_headers::jsonb)"))})
            as e(n, data, type, dotnet, correlation, headers);
        """;

    /// <summary>The id that a script makes of a number.</summary>
    public static Guid Id(long number) => Guid.Parse($"{number:D32}");

    /// <summary>For about so long.</summary>
    public static Task<Measured> Run(Database database, string script, int clients, TimeSpan time, params (string Name, string Value)[] more) =>
        Run(database, script, clients, $"--time={Math.Max(1, Math.Ceiling(time.TotalSeconds))}", more);

    /// <summary>So many transactions a client.</summary>
    public static Task<Measured> RunEach(Database database, string script, int clients, int transactions, params (string Name, string Value)[] more) =>
        Run(database, script, clients, $"--transactions={transactions}", more);

    private static async Task<Measured> Run(Database database, string script, int clients, string howLong, (string Name, string Value)[] more)
    {
        var folder = Directory.CreateTempSubdirectory("familydoctor-pgbench-").FullName;
        try
        {
            var file = Path.Combine(folder, "script.sql");
            await File.WriteAllTextAsync(file, script);
            (string Name, string Value)[] variables = [
                ("n", "0"), ("opened", Diary.OpenedText.Json), ("opened_type", Diary.OpenedText.DotNetType),
                ("noted", Diary.NotedText.Json), ("noted_type", Diary.NotedText.DotNetType),
                ("correlation", Diary.By.CorrelationId), ("headers", Diary.HeadersText), .. more];
            var said = await Execute(database, [
                "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(clients, 2)}",
                howLong, $"--file={file}",
                "--log", $"--log-prefix={Path.Combine(folder, "log")}", .. variables.Select(v => $"--define={v.Name}={v.Value}")]);
            var perSecond = double.Parse(PerSecond().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
            // client, number, microseconds, ...
            var waited = Directory.EnumerateFiles(folder, "log.*").SelectMany(File.ReadLines)
                .Select(line => long.Parse(line.Split(' ', 4)[2], CultureInfo.InvariantCulture) / 1000.0);
            return Measured.Of(perSecond, waited);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Execute(Database database, string[] arguments)
    {
        var start = new ProcessStartInfo("pgbench", [.. arguments, database.Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = database.Server.Host,
                ["PGPORT"] = $"{database.Server.Port}",
                ["PGUSER"] = database.Server.Username,
                ["PGPASSWORD"] = database.Server.Password,
                ["PGOPTIONS"] = $"-c timezone=UTC{database.Options}",
            },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = await output;
        if (process.ExitCode != 0 || !said.Contains("number of failed transactions: 0 ", StringComparison.Ordinal))
            throw new Unmeasurable($"The bench stops, pgbench failed: {said}{await errors}");
        return said;
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex PerSecond();
}

/// <summary>An event as it stands in our log, to be written again under this name of a variable.</summary>
public sealed record Written(string Name, Guid Stream, string Type, string Data, string DotNetType, string Correlation, string Headers)
{
    public IEnumerable<(string Name, string Value)> Variables => [
        (Name, Data), ($"{Name}_type", Type), ($"{Name}_dotnet", DotNetType), ($"{Name}_correlation", Correlation), ($"{Name}_headers", Headers)];
}
