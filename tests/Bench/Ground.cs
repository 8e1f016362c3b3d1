using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Npgsql;
using RabbitMQ.Client;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace FamilyDoctor.Bench;

/// <summary>The private servers everything is measured on, in their default configuration but for what the head says.</summary>
public sealed class Ground : IAsyncDisposable
{
    private readonly PostgreSqlContainer postgres;
    private readonly RabbitMqContainer? broker;
    private readonly IReadOnlyList<string> settings;
    private readonly List<Database> databases = [];
    private int created;

    private Ground(Wishes wishes, bool withBroker)
    {
        (settings, postgres) = (wishes.Settings, new PostgreSqlBuilder().WithCommand([.. wishes.Settings]).Build());
        broker = withBroker ? new RabbitMqBuilder().Build() : null;
    }

    public string Broker => broker!.GetConnectionString();

    public static async Task<Ground> Open(Wishes wishes, bool withBroker)
    {
        var ground = new Ground(wishes, withBroker);
        await Task.WhenAll(ground.postgres.StartAsync(), ground.broker?.StartAsync() ?? Task.CompletedTask);
        return ground;
    }

    /// <summary>A new database with the event store's tables, empty or as the other is.</summary>
    public async Task<Database> CreateDatabase(Database? like = null, bool forgetful = false)
    {
        var name = $"bench{++created}";
        like?.Leave();
        await Run($"create database {name} {(like is null ? "" : $"template {like.Name}")}");
        var database = await Database.Open(new(postgres.GetConnectionString()) { Database = name }, forgetful);
        databases.Add(database);
        return database;
    }

    public async Task DropDatabases()
    {
        foreach (var database in databases)
        {
            await database.DisposeAsync();
            await Run($"drop database {database.Name} with (force)");
        }
        databases.Clear();
    }

    /// <summary>The machine, the servers and what was set on them.</summary>
    public async Task<IReadOnlyList<string>> Head()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        await using var connection = new NpgsqlConnection(postgres.GetConnectionString());
        await connection.OpenAsync();
        var shown = new List<string>();
        foreach (var name in (string[])["shared_buffers", "max_wal_size", "max_connections", "fsync", "full_page_writes", "synchronous_commit"])
        {
            await using var show = new NpgsqlCommand($"show {name}", connection);
            shown.Add($"{name} {await show.ExecuteScalarAsync()}");
        }
        return [
            $"{Environment.ProcessorCount} processors ({processor ?? "unknown"}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, "
                + $"a flush to disk takes {FlushMicroseconds():N0} us, load {load} at the start",
            $"PostgreSQL {connection.PostgreSqlVersion}, {string.Join(", ", shown)}{(settings.Count > 0 ? $"; set here: {string.Join(", ", settings)}" : "")}",
            $"{await BrokerVersion()}{RuntimeInformation.FrameworkDescription}, Npgsql {typeof(NpgsqlConnection).Assembly.GetName().Version?.ToString(3)}; "
                + $"servers and clients share the machine, loopback TCP; an event is {Diary.Bytes} bytes of JSON",
        ];
    }

    private async Task<string> BrokerVersion()
    {
        if (broker is null)
            return "";
        await using var connection = await new ConnectionFactory { Uri = new(Broker) }.CreateConnectionAsync();
        return $"RabbitMQ {Encoding.UTF8.GetString((byte[])connection.ServerProperties!["version"]!)}, ";
    }

    public async ValueTask DisposeAsync()
    {
        await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await postgres.DisposeAsync();
    }

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.GetConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static double FlushMicroseconds()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            var took = new double[100];
            for (var i = 0; i < took.Length; i++)
            {
                RandomAccess.Write(file, new byte[8192], 0);
                var start = Stopwatch.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                took[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
            return took.Order().ElementAt(took.Length / 2);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>The figures would mean nothing: the bench stops and says why.</summary>
public sealed class Unmeasurable(string why) : Exception(why)
{
    /// <summary>A server that forgets what it acknowledged.</summary>
    public static Unmeasurable NotDurable(string setting) =>
        new($"The bench does not run: {setting} is off, and without it an acknowledged event can be lost.");

    /// <summary>What was acknowledged must be there, neither less nor more.</summary>
    public static void Unless(long found, long expected, string what)
    {
        if (found != expected)
            throw new Unmeasurable($"The bench stops: {found:N0} {what}, and there should be {expected:N0}.");
    }
}
