using FamilyDoctor.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.Bench;

/// <summary>What one would write by hand on Npgsql: prepared statements, as few round trips as there can be, nothing else.</summary>
public sealed class RawSql : IAsyncDisposable
{
    public const string EventColumns =
        "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived";

    private readonly IdSource ids = new(TimeProvider.System);
    private readonly NpgsqlConnection[] connections;

    private RawSql(NpgsqlConnection[] connections) => this.connections = connections;

    public static async Task<RawSql> Open(Database database, int clients)
    {
        var source = new NpgsqlConnectionStringBuilder(database.Server.ConnectionString) { Pooling = false, MaxAutoPrepare = 20, AutoPrepareMinUsages = 1 };
        var connections = Enumerable.Range(0, clients).Select(_ => new NpgsqlConnection(source.ConnectionString)).ToArray();
        foreach (var connection in connections)
            await connection.OpenAsync();
        return new(connections);
    }

    /// <summary>Opens so many streams of two events each in one transaction: two statements, one round trip.</summary>
    public async Task OpenMany(int client, int streams)
    {
        var opened = Enumerable.Range(0, streams).Select(_ => ids.Next()).ToArray();
        await using var batch = new NpgsqlBatch(connections[client])
        {
            BatchCommands =
            {
                new("""
                    insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
                    select id, 'diary', 2, now(), now(), '*DEFAULT*', false from unnest($1) as s(id)
                    """)
                {
                    Parameters = { new() { Value = opened } },
                },
                new($"""
                    insert into mt_events ({EventColumns})
                    select nextval('mt_events_sequence'), e.id, e.stream, e.version, e.data, e.type, now(), '*DEFAULT*', e.dotnet, e.correlation, null, e.headers, false
                    from unnest($1, $2, $3, $4, $5, $6, $7, $8) as e(id, stream, version, data, type, dotnet, correlation, headers)
                    """)
                {
                    Parameters =
                    {
                        new() { Value = Each(_ => ids.Next(), _ => ids.Next()) },
                        new() { Value = Each(id => id, id => id) },
                        new() { Value = Each(_ => 1L, _ => 2L) },
                        new() { Value = Each(_ => Diary.OpenedText.Json, _ => Diary.NotedText.Json), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                        new() { Value = Each(_ => Diary.OpenedText.Alias, _ => Diary.NotedText.Alias) },
                        new() { Value = Each(_ => Diary.OpenedText.DotNetType, _ => Diary.NotedText.DotNetType) },
                        new() { Value = Each(_ => Diary.By.CorrelationId, _ => Diary.By.CorrelationId) },
                        new() { Value = Each(_ => Diary.HeadersText, _ => Diary.HeadersText), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync();

        T[] Each<T>(Func<Guid, T> first, Func<Guid, T> second)
        {
            var values = new T[2 * opened.Length];
            for (var i = 0; i < opened.Length; i++)
                (values[2 * i], values[2 * i + 1]) = (first(opened[i]), second(opened[i]));
            return values;
        }
    }

    /// <summary>Reads a stream, folds it, adds one event if nobody has done so meanwhile; otherwise again.</summary>
    public async Task LoadAndAppend(int client, Guid stream)
    {
        while (true)
        {
            var (diary, version) = await Load(client, stream);
            if (await Append(client, stream, version, diary))
                return;
        }
    }

    /// <summary>Reads a stream and folds it.</summary>
    public async Task<(Diary? Diary, long Version)> Load(int client, Guid stream)
    {
        Diary? diary = null;
        var version = 0L;
        await using var read = new NpgsqlCommand("select type, data, version from mt_events where stream_id = $1 order by version", connections[client]);
        read.Parameters.Add(new() { Value = stream });
        await using var row = await read.ExecuteReaderAsync();
        while (await row.ReadAsync())
            (diary, version) = (Diary.Evolve(diary, Diary.Types.Read(row.GetString(0), row.GetFieldValue<byte[]>(1))), row.GetInt64(2));
        return (diary, version);
    }

    /// <summary>Adds one event; false when the stream is not at this version.</summary>
    public async Task<bool> Append(int client, Guid stream, long version, Diary? diary)
    {
        var (alias, dotnet, json) = Diary.Types.Write(Diary.Note(diary).Single());
        await using var append = new NpgsqlCommand($"""
            with s as (update mt_streams set version = $2 + 1 where id = $1 and version = $2 returning id)
            insert into mt_events ({EventColumns})
            select nextval('mt_events_sequence'), $3, s.id, $2 + 1, $4, $5, now(), '*DEFAULT*', $6, $7, null, $8, false from s
            """, connections[client]);
        append.Parameters.Add(new() { Value = stream });
        append.Parameters.Add(new() { Value = version });
        append.Parameters.Add(new() { Value = ids.Next() });
        append.Parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        append.Parameters.Add(new() { Value = alias });
        append.Parameters.Add(new() { Value = dotnet });
        append.Parameters.Add(new() { Value = Diary.By.CorrelationId });
        append.Parameters.Add(new() { Value = Diary.HeadersText, NpgsqlDbType = NpgsqlDbType.Jsonb });
        return await append.ExecuteNonQueryAsync() == 1;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }
}
