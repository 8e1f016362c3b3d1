using System.Text.Json;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// A local copy of another service's facts: one row per id, the newest StreamVersion wins, so order and repetition of
/// messages do not matter. Read when a command is taken in; a rule that rests on it is soft (see the domain's table).
/// </summary>
public sealed class Copies<T>(NpgsqlDataSource database) where T : class
{
    private readonly string table = $"copies.{EventTypes.AliasOf(typeof(T))}";
    private readonly SemaphoreSlim creating = new(1);
    private readonly Queue<Arrival> arrivals = new();
    private volatile bool created;
    private bool writing;

    /// <summary>Keeps the facts unless newer ones are known. What arrives together is written together.</summary>
    public Task Apply(Guid id, long version, T facts, CancellationToken ct)
    {
        var arrival = new Arrival(id, version, JsonSerializer.Serialize(facts), new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (arrivals)
        {
            arrivals.Enqueue(arrival);
            if (!writing)
                _ = Task.Run(WriteAll, CancellationToken.None);
            writing = true;
        }
        return arrival.Written.Task.WaitAsync(ct);
    }

    private async Task WriteAll()
    {
        while (Arrived() is { Count: > 0 } batch)
        {
            try
            {
                await Write([.. batch.GroupBy(a => a.Id).Select(g => g.MaxBy(a => a.Version)!)]);
                batch.ForEach(a => a.Written.TrySetResult());
            }
#pragma warning disable CA1031 // Whoever brought a fact hears that it was not kept, and brings it again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                batch.ForEach(a => a.Written.TrySetException(e));
            }
        }
    }

    private List<Arrival> Arrived()
    {
        lock (arrivals)
        {
            var batch = new List<Arrival>();
            while (batch.Count < 1000 && arrivals.TryDequeue(out var arrival))
                batch.Add(arrival);
            writing = batch.Count > 0;
            return batch;
        }
    }

    private async Task Write(List<Arrival> newest)
    {
        await Create(CancellationToken.None);
        await using var command = database.CreateCommand($"""
            insert into {table} (id, version, facts) select id, version, facts::jsonb from unnest($1, $2, $3) as a(id, version, facts) order by id
            on conflict (id) do update set version = excluded.version, facts = excluded.facts where {table}.version < excluded.version
            """);
        command.Parameters.Add(Parameter.Of(newest.Select(a => a.Id).ToArray()));
        command.Parameters.Add(Parameter.Of(newest.Select(a => a.Version).ToArray()));
        command.Parameters.Add(Parameter.Of(newest.Select(a => a.Facts).ToArray()));
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Arrival(Guid Id, long Version, string Facts, TaskCompletionSource Written);

    public async Task<T?> Find(Guid id, CancellationToken ct)
    {
        await Create(ct);
        await using var command = database.CreateCommand($"select facts::text from {table} where id = $1");
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(ct) is string facts ? JsonSerializer.Deserialize<T>(facts) : null;
    }

    /// <summary>All copies; for the few kinds that are read whole.</summary>
    public Task<List<T>> All(CancellationToken ct) => Where("true order by id", ct);

    /// <summary>Those of which something holds; nothing but their ids is indexed.</summary>
    /// <param name="condition">SQL on facts, a jsonb; its parameters are $1, $2 ...</param>
    public async Task<List<T>> Where(string condition, CancellationToken ct, params object[] values)
    {
        await Create(ct);
        await using var command = database.CreateCommand($"select facts::text from {table} where {condition}");
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        var all = new List<T>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            all.Add(JsonSerializer.Deserialize<T>(row.GetString(0))!);
        return all;
    }

    private async Task Create(CancellationToken ct)
    {
        if (created)
            return;
        await creating.WaitAsync(ct);
        try
        {
            if (created)
                return;
            await using var command = database.CreateCommand($"""
                select pg_advisory_xact_lock(hashtext('copies'));
                create schema if not exists copies;
                create table if not exists {table} (id uuid primary key, version bigint not null, facts jsonb not null);
                """);
            await command.ExecuteNonQueryAsync(ct);
            created = true;
        }
        finally
        {
            creating.Release();
        }
    }
}
