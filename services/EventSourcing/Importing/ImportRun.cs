using Npgsql;

namespace FamilyDoctor.EventSourcing;

public enum ImportStatus
{
    /// <summary>Rows come in.</summary>
    Running,

    /// <summary>The connection broke, or the service was killed: the same file, or the rest of it, goes on from here.</summary>
    Interrupted,

    /// <summary>The file was read to its end.</summary>
    Finished,
}

/// <summary>How far an import is.</summary>
/// <param name="DryRun">Every row is decided and nothing is written; accepted is what would be.</param>
/// <param name="Lines">All lines up to this one are done.</param>
/// <param name="Repeated">Rows of these ids were taken in before.</param>
/// <param name="RowsPerSecond">Since it began or was resumed.</param>
public sealed record ImportState(
    Guid Id, string Kind, bool DryRun, ImportStatus Status, int Lines, int Rows, int Accepted, int Repeated, int Rejected, double RowsPerSecond,
    DateTimeOffset BegunAt, DateTimeOffset HeardAt, DateTimeOffset? FinishedAt);

/// <summary>The imports of a service, those that run and those that ran.</summary>
internal sealed class ImportLog(NpgsqlDataSource database)
{
    // Whoever imports holds a lock that dies with his connection, so a killed service leaves nothing that seems to run.
    private const string IsHeld = """
        exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.objsubid = 2
            and l.database = (select oid from pg_database where datname = current_database())
            and l.classid = hashtext('import')::oid and l.objid = hashtext(i.id::text)::oid)
        """;

    public Task CreateSchema(CancellationToken ct) => Schema.CreateFrom(database, "Imports.sql", ct);

    /// <summary>One import, or the hundred newest.</summary>
    public async Task<IReadOnlyList<ImportState>> Find(Guid? id, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select id, kind, dry_run, case when {IsHeld} then 'Running' when finished_at is null then 'Interrupted' else 'Finished' end,
                lines, rows, accepted, repeated, rejected,
                coalesce((rows - resumed_rows) / nullif(extract(epoch from heard_at - resumed_at), 0), 0)::float8, begun_at, heard_at, finished_at
            from fd_imports i where $1 is null or id = $1 order by resumed_at desc limit 100
            """);
        command.Parameters.Add(new() { Value = id ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        var found = new List<ImportState>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            found.Add(new(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), Enum.Parse<ImportStatus>(row.GetString(3)), row.GetInt32(4), row.GetInt32(5),
                row.GetInt32(6), row.GetInt32(7), row.GetInt32(8), Math.Round(row.GetDouble(9), 1), row.GetFieldValue<DateTimeOffset>(10),
                row.GetFieldValue<DateTimeOffset>(11), await row.IsDBNullAsync(12, ct) ? null : row.GetFieldValue<DateTimeOffset>(12)));
        }
        return found;
    }

    /// <summary>The next rejected lines after a line; no connection is held while somebody reads slowly.</summary>
    public async Task<IReadOnlyList<(int Line, string Code, string? Field)>> Rejects(Guid id, int after, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select line, code, field from fd_import_rejects where import_id = $1 and line > $2 order by line limit 1000");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(after);
        var rejects = new List<(int, string, string?)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            rejects.Add((row.GetInt32(0), row.GetString(1), await row.IsDBNullAsync(2, ct) ? null : row.GetString(2)));
        return rejects;
    }

    /// <summary>Begins an import, or goes on with one that was interrupted.</summary>
    public async Task<ImportRun> Begin(Guid id, string kind, bool dryRun, string by, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        var run = new ImportRun(connection, id);
        try
        {
            await run.Begin(kind, dryRun, by, ct);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }
}

/// <summary>An import that is under way in this process.</summary>
internal sealed class ImportRun(NpgsqlConnection connection, Guid id) : IAsyncDisposable
{
    public Guid Id => id;

    /// <summary>The last line that is done; null digest when none is.</summary>
    public (int Lines, byte[]? Digest) Reached { get; private set; }

    public int Accepted { get; private set; }
    public int Repeated { get; private set; }
    public int Rejected { get; private set; }

    internal async Task Begin(string kind, bool dryRun, string by, CancellationToken ct)
    {
        if (await Ask<bool>("select pg_try_advisory_lock(hashtext('import'), hashtext($1::text))", ct, id) is false)
            throw new RuleBroken("IMPORT_RUNNING", "This import is running; ask how far it is.");
        if (await Ask<bool>("select exists (select 1 from fd_imports where id = $1 and (kind, dry_run) <> ($2, $3))", ct, id, kind, dryRun))
            throw new RuleBroken("IMPORT_DIFFERS", "This id belongs to another import.");
        // A dry run knows nothing of an earlier one. What is long over is forgotten, its rows are not.
        await using var command = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("delete from fd_imports where (id = $1 and dry_run) or finished_at < now() - interval '90 days'") { Parameters = { new() { Value = id } } },
                new("""
                    insert into fd_imports (id, kind, dry_run, begun_by) values ($1, $2, $3, $4)
                    on conflict (id) do update set resumed_at = now(), resumed_rows = fd_imports.rows, heard_at = now()
                    returning lines, digest, accepted, repeated, rejected
                    """)
                { Parameters = { new() { Value = id }, new() { Value = kind }, new() { Value = dryRun }, new() { Value = by } } },
            },
        };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        Reached = (row.GetInt32(0), await row.IsDBNullAsync(1, ct) ? null : row.GetFieldValue<byte[]>(1));
        (Accepted, Repeated, Rejected) = (row.GetInt32(2), row.GetInt32(3), row.GetInt32(4));
    }

    /// <summary>Keeps how far it is: rows done by then are not decided again.</summary>
    public async Task Save((int Number, byte[] Digest) last, IReadOnlyList<(bool Repeated, ImportReject? Reject)> outcomes, bool finished)
    {
        var rejects = outcomes.Select(o => o.Reject).OfType<ImportReject>().ToList();
        Reached = (last.Number, last.Digest);
        Rejected += rejects.Count;
        Repeated += outcomes.Count(o => o.Repeated);
        Accepted += outcomes.Count(o => o is { Repeated: false, Reject: null });
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    update fd_imports set lines = $2, digest = $3, accepted = $4, repeated = $5, rejected = $6, rows = $4 + $5 + $6,
                        heard_at = clock_timestamp(), finished_at = case when $7 then clock_timestamp() end where id = $1
                    """)
                {
                    Parameters =
                    {
                        new() { Value = id }, new() { Value = last.Number }, new() { Value = last.Digest }, new() { Value = Accepted },
                        new() { Value = Repeated }, new() { Value = Rejected }, new() { Value = finished },
                    },
                },
                new("""
                    insert into fd_import_rejects select $1, * from unnest($2, $3, $4)
                    on conflict (import_id, line) do update set code = excluded.code, field = excluded.field
                    """)
                {
                    Parameters =
                    {
                        new() { Value = id }, new() { Value = rejects.Select(r => r.Line).ToArray() }, new() { Value = rejects.Select(r => r.Code).ToArray() },
                        new() { Value = rejects.Select(r => r.Field).ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await connection.GiveUpLocks();
        await connection.DisposeAsync();
    }

    private async Task<T?> Ask<T>(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync(ct) is T answer ? answer : default;
    }
}
