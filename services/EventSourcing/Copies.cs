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
    private volatile bool created;

    /// <summary>Keeps the facts unless newer ones are known.</summary>
    public async Task Apply(Guid id, long version, T facts, CancellationToken ct)
    {
        await Create(ct);
        await using var command = database.CreateCommand($"""
            insert into {table} (id, version, facts) values ($1, $2, $3::jsonb)
            on conflict (id) do update set version = excluded.version, facts = excluded.facts where {table}.version < excluded.version
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(facts));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<T?> Find(Guid id, CancellationToken ct)
    {
        await Create(ct);
        await using var command = database.CreateCommand($"select facts::text from {table} where id = $1");
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(ct) is string facts ? JsonSerializer.Deserialize<T>(facts) : null;
    }

    /// <summary>All copies; for the few kinds that are read whole.</summary>
    public async Task<List<T>> All(CancellationToken ct)
    {
        await Create(ct);
        await using var command = database.CreateCommand($"select facts::text from {table} order by id");
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
