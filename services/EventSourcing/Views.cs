using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// A row of a view: a record whose first property is its id. Its table has a typed column for each property.
/// Pure: time comes from the event, never from the clock; folding the whole log again gives the same rows.
/// </summary>
public interface IRow<TSelf> where TSelf : class, IRow<TSelf>
{
    /// <summary>Raised when the record or its fold changes: the view is then built anew beside the live one.</summary>
    static virtual int Version => 1;

    /// <summary>Columns to index, each entry one index: "team_id, ends_on".</summary>
    static virtual IEnumerable<string> Indexes => [];

    /// <summary>Which rows an event touches; most events touch none.</summary>
    static abstract IEnumerable<Guid> Keys(Recorded recorded);

    /// <summary>The row after the event; null removes it.</summary>
    static abstract TSelf? Evolve(TSelf? row, Guid id, Recorded recorded);
}

/// <summary>Reads a view's rows. Conditions are SQL on the columns (snake case), values are parameters $1, $2 ...</summary>
public sealed class Rows<T>(NpgsqlDataSource database) where T : class, IRow<T>
{
    private static readonly Table<T> Table = new();

    public async Task<T?> Find(Guid id, CancellationToken ct) => (await Where($"{Table.Key} = $1", ct, id)).FirstOrDefault();

    /// <param name="condition">What follows "where"; may end in "order by ... limit ...".</param>
    public async Task<List<T>> Where(string condition, CancellationToken ct, params object[] values)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Table.Read(connection, "views", condition, ct, values);
    }

    /// <summary>Any aggregate over the view: "select count(*) ... from {view} where ...".</summary>
    public async Task<List<TResult>> Query<TResult>(string sql, Func<NpgsqlDataReader, TResult> read, CancellationToken ct, params object[] values)
    {
        await using var command = database.CreateCommand(sql.Replace("{view}", $"views.{Table.Name}", StringComparison.Ordinal));
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        var result = new List<TResult>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            result.Add(read(row));
        return result;
    }
}

/// <summary>A view as the builder sees it.</summary>
public abstract class View
{
    public static View Of<T>() where T : class, IRow<T> => new Built<T>();

    public abstract string Name { get; }
    public abstract int Version { get; }
    public string Checkpoint => Version == 1 ? $"{Name}:All" : $"{Name}:V{Version}:All";
    public abstract Task Create(NpgsqlConnection connection, string schema, CancellationToken ct);
    public abstract Task Apply(NpgsqlConnection connection, string schema, IEnumerable<Recorded> page, CancellationToken ct);

    private sealed class Built<T> : View where T : class, IRow<T>
    {
        private readonly Table<T> table = new();

        public override string Name => table.Name;
        public override int Version => T.Version;

        public override Task Create(NpgsqlConnection connection, string schema, CancellationToken ct) =>
            table.Create(connection, schema, T.Indexes, ct);

        public override async Task Apply(NpgsqlConnection connection, string schema, IEnumerable<Recorded> page, CancellationToken ct)
        {
            var touched = new List<(Guid Id, Recorded Recorded)>();
            foreach (var recorded in page)
            {
                foreach (var id in T.Keys(recorded))
                    touched.Add((id, recorded));
            }
            if (touched.Count == 0)
                return;
            var rows = (await table.Read(connection, schema, $"{table.Key} = any($1)", ct, touched.Select(t => t.Id).Distinct().ToArray()))
                .ToDictionary(table.IdOf, row => (T?)row);
            foreach (var (id, recorded) in touched)
                rows[id] = T.Evolve(rows.GetValueOrDefault(id), id, recorded);
            await table.Write(connection, schema, rows, ct);
        }
    }
}

/// <summary>
/// Folds the log into views, with the checkpoint in the rows' own transaction. A view of a new version is built beside
/// the live one, in schema "building", and swapped in whole when it has caught up.
/// </summary>
public sealed class ViewBuilder(NpgsqlDataSource database, IEventStore store, IEnumerable<View> views, ILogger<ViewBuilder> log)
    : Elected("views", database, log)
{
    private readonly NpgsqlDataSource database = database;

    protected override async Task Work(CancellationToken ct)
    {
        var live = new List<(View View, long From)>();
        var building = new List<(View View, long From)>();
        foreach (var view in views)
        {
            var reached = await Progress.Find(database, view.Checkpoint, ct);
            if (reached is null && await Exists("views", view.Name, ct))
                building.Add((view, 0));
            else
                live.Add((view, reached ?? 0));
        }
        await Prepare("views", [.. live.Where(v => v.From == 0).Select(v => v.View)], dropFirst: false, ct);
        await Prepare("building", [.. building.Select(v => v.View)], dropFirst: true, ct);
        using var together = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var groups = live.GroupBy(v => v.From).Select(g => Follow([.. g.Select(v => v.View)], "views", g.Key, together.Token))
            .Concat(building.Select(v => Follow([v.View], "building", 0, together.Token))).ToList();
        if (groups.Count == 0)
            return;
        await await Task.WhenAny(groups);
        await together.CancelAsync();
        await Task.WhenAll(groups);
    }

    private async Task Follow(List<View> group, string schema, long from, CancellationToken ct)
    {
        var reader = store.ReadLog(from);
        var position = from;
        while (!ct.IsCancellationRequested)
        {
            var page = await reader.Next(2000, ct);
            if (page.Count == 0)
            {
                if (schema == "building")
                {
                    await SwapIn(group[0], ct);
                    schema = "views";
                }
                await store.WaitForAppend(TimeSpan.FromMilliseconds(100), ct);
                continue;
            }
            foreach (var unknown in page.Where(r => r.Event is UnknownEvent).Select(r => ((UnknownEvent)r.Event).Type).Distinct())
                log.LogWarning("Events of type {Type} are unknown to this release; views skip them", unknown);
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var view in group)
            {
                // A view still being built has no checkpoint of its own: interrupted, it starts again from an empty table.
                var checkpoint = schema == "views" ? view.Checkpoint : $"building:{view.Name}";
                if (!await Progress.Move(connection, checkpoint, position, page[^1].Sequence, ct))
                    return; // another builder has taken over
                await view.Apply(connection, schema, page.Where(r => r.Event is not UnknownEvent), ct);
            }
            await transaction.CommitAsync(ct);
            position = page[^1].Sequence;
        }
    }

    private async Task SwapIn(View view, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var reached = await Progress.Find(database, $"building:{view.Name}", ct) ?? 0;
        await using (var command = new NpgsqlCommand($"""
            drop table views.{view.Name};
            alter table building.{view.Name} set schema views;
            delete from mt_event_progression where name = 'building:{view.Name}' or name ~ '^{view.Name}(:V[0-9]+)?:All$';
            """, connection, transaction))
            await command.ExecuteNonQueryAsync(ct);
        await Progress.Move(connection, view.Checkpoint, 0, reached, ct);
        await transaction.CommitAsync(ct);
        log.LogInformation("View {View} was built anew and swapped in", view.Name);
    }

    private async Task Prepare(string schema, List<View> fresh, bool dropFirst, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var command = new NpgsqlCommand($"create schema if not exists {schema}", connection))
            await command.ExecuteNonQueryAsync(ct);
        foreach (var view in fresh)
        {
            if (dropFirst)
            {
                await using var drop = new NpgsqlCommand(
                    $"drop table if exists {schema}.{view.Name}; delete from mt_event_progression where name = 'building:{view.Name}'", connection);
                await drop.ExecuteNonQueryAsync(ct);
            }
            await view.Create(connection, schema, ct);
        }
    }

    private async Task<bool> Exists(string schema, string table, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select to_regclass($1) is not null");
        command.Parameters.AddWithValue($"{schema}.{table}");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}

/// <summary>Maps a record to its table: reflection once, at start-up.</summary>
internal sealed class Table<T> where T : class
{
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly ConstructorInfo constructor = typeof(T).GetConstructors().MaxBy(c => c.GetParameters().Length)!;
    private readonly List<Column> columns;
    private readonly string names;

    public Table()
    {
        columns = [.. constructor.GetParameters().Select(p => new Column(typeof(T).GetProperty(p.Name!)!, p))];
        names = string.Join(", ", columns.Select(c => c.Name));
    }

    public string Name { get; } = EventTypes.AliasOf(typeof(T));

    /// <summary>The column of the row's id: its first.</summary>
    public string Key => columns[0].Name;

    public Guid IdOf(T row) => (Guid)columns[0].Property.GetValue(row)!;

    public async Task Create(NpgsqlConnection connection, string schema, IEnumerable<string> indexes, CancellationToken ct)
    {
        var definition = string.Join(", ", columns.Select((c, i) => $"{c.Name} {c.SqlType}{(c.IsNullable ? "" : " not null")}{(i == 0 ? " primary key" : "")}"));
        var sql = $"create table if not exists {schema}.{Name} ({definition});"
            + string.Concat(indexes.Select(i => $"create index if not exists {Name}_{i.Replace(", ", "_", StringComparison.Ordinal)}_{schema[0]} on {schema}.{Name} ({i});"));
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<List<T>> Read(NpgsqlConnection connection, string schema, string condition, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand($"select {names} from {schema}.{Name} where {condition}", connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add((T)constructor.Invoke([.. columns.Select((c, i) => c.FromDatabase(reader, i))]));
        return rows;
    }

    public async Task Write(NpgsqlConnection connection, string schema, Dictionary<Guid, T?> rows, CancellationToken ct)
    {
        var gone = rows.Where(r => r.Value is null).Select(r => r.Key).ToArray();
        if (gone.Length > 0)
        {
            await using var delete = new NpgsqlCommand($"delete from {schema}.{Name} where {Key} = any($1)", connection);
            delete.Parameters.AddWithValue(gone);
            await delete.ExecuteNonQueryAsync(ct);
        }
        var kept = rows.Values.OfType<T>().ToList();
        if (kept.Count == 0)
            return;
        var set = string.Join(", ", columns.Skip(1).Select(c => $"{c.Name} = excluded.{c.Name}"));
        await using var upsert = new NpgsqlCommand(
            $"insert into {schema}.{Name} ({names}) select {string.Join(", ", columns.Select(c => c.IsJson ? $"{c.Name}::jsonb" : c.Name))} "
            + $"from unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) as r({names}) "
            + (set.Length > 0 ? $"on conflict ({Key}) do update set {set}" : $"on conflict ({Key}) do nothing"), connection);
        foreach (var column in columns)
            upsert.Parameters.Add(column.ToParameter(kept));
        await upsert.ExecuteNonQueryAsync(ct);
    }

    private sealed class Column
    {
        private readonly Type type;
        private readonly NpgsqlDbType dbType;

        public Column(PropertyInfo property, ParameterInfo parameter)
        {
            Property = property;
            Name = EventTypes.AliasOf(property);
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            IsNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
                || (!property.PropertyType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.Nullable);
            (SqlType, dbType) = type switch
            {
                _ when type == typeof(Guid) => ("uuid", NpgsqlDbType.Uuid),
                _ when type == typeof(string) || type.IsEnum => ("text", NpgsqlDbType.Text),
                _ when type == typeof(int) => ("integer", NpgsqlDbType.Integer),
                _ when type == typeof(long) => ("bigint", NpgsqlDbType.Bigint),
                _ when type == typeof(bool) => ("boolean", NpgsqlDbType.Boolean),
                _ when type == typeof(double) => ("double precision", NpgsqlDbType.Double),
                _ when type == typeof(decimal) => ("numeric", NpgsqlDbType.Numeric),
                _ when type == typeof(DateOnly) => ("date", NpgsqlDbType.Date),
                _ when type == typeof(DateTimeOffset) => ("timestamptz", NpgsqlDbType.TimestampTz),
                _ => ("jsonb", NpgsqlDbType.Text),
            };
        }

        public PropertyInfo Property { get; }
        public string Name { get; }
        public string SqlType { get; }
        public bool IsNullable { get; }
        public bool IsJson => SqlType == "jsonb";

        public NpgsqlParameter ToParameter(List<T> rows)
        {
            var values = rows.Select(r => Property.GetValue(r));
            object array = dbType switch
            {
                NpgsqlDbType.Uuid => values.Select(v => (Guid?)v).ToArray(),
                NpgsqlDbType.Text when IsJson => values.Select(v => v is null ? null : JsonSerializer.Serialize(v, type)).ToArray(),
                NpgsqlDbType.Text => values.Select(v => v?.ToString()).ToArray(),
                NpgsqlDbType.Integer => values.Select(v => (int?)v).ToArray(),
                NpgsqlDbType.Bigint => values.Select(v => (long?)v).ToArray(),
                NpgsqlDbType.Boolean => values.Select(v => (bool?)v).ToArray(),
                NpgsqlDbType.Double => values.Select(v => (double?)v).ToArray(),
                NpgsqlDbType.Numeric => values.Select(v => (decimal?)v).ToArray(),
                NpgsqlDbType.Date => values.Select(v => (DateOnly?)v).ToArray(),
                _ => values.Select(v => ((DateTimeOffset?)v)?.UtcDateTime).ToArray(),
            };
            return new() { Value = array, NpgsqlDbType = NpgsqlDbType.Array | dbType };
        }

        public object? FromDatabase(NpgsqlDataReader reader, int i)
        {
            if (reader.IsDBNull(i))
                return null;
            if (type.IsEnum)
                return Enum.Parse(type, reader.GetString(i));
            if (IsJson)
                return JsonSerializer.Deserialize(reader.GetString(i), type);
            if (type == typeof(DateOnly))
                return reader.GetFieldValue<DateOnly>(i);
            if (type == typeof(DateTimeOffset))
                return reader.GetFieldValue<DateTimeOffset>(i);
            return Convert.ChangeType(reader.GetValue(i), type, CultureInfo.InvariantCulture);
        }
    }
}
