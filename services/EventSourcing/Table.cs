using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.EventSourcing;

/// <summary>Maps a record to its table. What it needs of the record's type it compiles once, at start-up.</summary>
internal sealed class Table<T> where T : class
{
    private readonly IReadOnlyList<Column<T>> columns;
    private readonly Func<NpgsqlDataReader, T> read;
    private readonly string names;
    private readonly string upsert;

    public Table()
    {
        var constructor = typeof(T).GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        columns = [.. constructor.GetParameters().Select((p, i) => Column<T>.Of(typeof(T).GetProperty(p.Name!)!, p, i))];
        var reader = Expression.Parameter(typeof(NpgsqlDataReader));
        read = Expression.Lambda<Func<NpgsqlDataReader, T>>(Expression.New(constructor, columns.Select(c => c.Reading(reader))), reader).Compile();
        IdOf = typeof(T).GetProperty(constructor.GetParameters()[0].Name!)!.GetMethod!.CreateDelegate<Func<T, Guid>>();

        names = string.Join(", ", columns.Select(c => c.Name));
        var set = string.Join(", ", columns.Skip(1).Select(c => $"{c.Name} = excluded.{c.Name}"));
        upsert = $"({names}) select {names} from unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) as r({names}) order by {Key} "
            + (set.Length > 0 ? $"on conflict ({Key}) do update set {set}" : $"on conflict ({Key}) do nothing");
    }

    public string Name { get; } = EventTypes.AliasOf(typeof(T));

    /// <summary>The column of the row's id: its first.</summary>
    public string Key => columns[0].Name;

    public Func<T, Guid> IdOf { get; }

    public async Task Create(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        var definition = string.Join(", ", columns.Select((c, i) => $"{c.Name} {c.SqlType}{(c.IsNullable ? "" : " not null")}{(i == 0 ? " primary key" : "")}"));
        await using var command = new NpgsqlCommand($"create table if not exists {schema}.{Name} ({definition})", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task Index(NpgsqlConnection connection, string schema, IEnumerable<string> indexes, CancellationToken ct)
    {
        foreach (var index in indexes)
        {
            await using var command = new NpgsqlCommand(
                $"create index if not exists {Name}_{index.Replace(", ", "_", StringComparison.Ordinal)}_{schema[0]} on {schema}.{Name} ({index})", connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    public async Task<List<T>> Read(NpgsqlConnection connection, string schema, string condition, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand($"select {names} from {schema}.{Name} where {condition}", connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Sets the rows as they are now; null removes one.</summary>
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
        await using var command = new NpgsqlCommand($"insert into {schema}.{Name} {upsert}", connection);
        foreach (var column in columns)
            command.Parameters.Add(column.ToParameter(kept));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Fills an empty table.</summary>
    public async Task Fill(NpgsqlConnection connection, string schema, IEnumerable<T> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {schema}.{Name} ({names}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            foreach (var column in columns)
                await column.Copy(copy, row, ct);
        }
        await copy.CompleteAsync(ct);
    }
}

/// <summary>A property of a row and its column.</summary>
internal abstract class Column<T>(PropertyInfo property, ParameterInfo parameter)
{
    private static readonly NullabilityInfoContext Nullability = new();

    public string Name { get; } = EventTypes.AliasOf(property);

    public bool IsNullable { get; } = Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.Nullable);

    public abstract string SqlType { get; }

    public abstract NpgsqlParameter ToParameter(List<T> rows);

    public abstract Task Copy(NpgsqlBinaryImporter copy, T row, CancellationToken ct);

    /// <summary>Reads this column's value from the row that the reader stands on.</summary>
    public abstract Expression Reading(ParameterExpression reader);

    public static Column<T> Of(PropertyInfo property, ParameterInfo parameter, int place)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var (sql, dbType) = type switch
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
            _ => ("jsonb", NpgsqlDbType.Jsonb),
        };
        // How it is stored: times in UTC, names of enums, anything else that PostgreSQL does not know as JSON.
        var stored = type switch
        {
            _ when type == typeof(DateTimeOffset) => property.PropertyType == type ? typeof(DateTime) : typeof(DateTime?),
            _ when type.IsEnum => typeof(string),
            _ when sql == "jsonb" => typeof(byte[]),
            _ => property.PropertyType,
        };
        return (Column<T>)Activator.CreateInstance(
            typeof(Typed<,>).MakeGenericType(typeof(T), property.PropertyType, stored), property, parameter, place, sql, dbType)!;
    }

    private sealed class Typed<TProperty, TStored> : Column<T>
    {
        private readonly int place;
        private readonly NpgsqlDbType dbType;
        private readonly Func<T, TProperty> get;
        private readonly Func<TProperty, TStored> toStored;
        private readonly Func<TStored, TProperty> fromStored;

        public Typed(PropertyInfo property, ParameterInfo parameter, int place, string sql, NpgsqlDbType dbType) : base(property, parameter)
        {
            (this.place, this.dbType, SqlType) = (place, dbType, sql);
            get = property.GetMethod!.CreateDelegate<Func<T, TProperty>>();
            (object to, object from) = (typeof(TProperty), typeof(TStored)) switch
            {
                var (p, s) when p == s => ((object)(Func<TStored, TStored>)(v => v), (object)(Func<TStored, TStored>)(v => v)),
                var (p, _) when p == typeof(DateTimeOffset) => ((Func<DateTimeOffset, DateTime>)(v => v.UtcDateTime), (Func<DateTime, DateTimeOffset>)(v => new(v))),
                var (p, _) when p == typeof(DateTimeOffset?) =>
                    ((Func<DateTimeOffset?, DateTime?>)(v => v?.UtcDateTime), (Func<DateTime?, DateTimeOffset?>)(v => v is { } d ? new DateTimeOffset(d) : null)),
                var (_, s) when s == typeof(string) => ((Func<TProperty, string?>)(v => v?.ToString()), (Func<string, TProperty>)ParseEnum),
                _ => ((Func<TProperty, byte[]?>)(v => v is null ? null : JsonSerializer.SerializeToUtf8Bytes(v)),
                    (Func<byte[], TProperty>)(v => JsonSerializer.Deserialize<TProperty>(v)!)),
            };
            (toStored, fromStored) = ((Func<TProperty, TStored>)to, (Func<TStored, TProperty>)from);
        }

        public override string SqlType { get; }

        public override NpgsqlParameter ToParameter(List<T> rows)
        {
            var values = new TStored[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = toStored(get(rows[i]));
            return new NpgsqlParameter<TStored[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | dbType };
        }

        public override Task Copy(NpgsqlBinaryImporter copy, T row, CancellationToken ct) =>
            toStored(get(row)) is { } value ? copy.WriteAsync(value, dbType, ct) : copy.WriteNullAsync(ct);

        public override Expression Reading(ParameterExpression reader) =>
            Expression.Call(Expression.Constant(this), nameof(Read), null, reader);

        internal TProperty Read(NpgsqlDataReader reader) =>
            reader.IsDBNull(place) ? default! : fromStored(reader.GetFieldValue<TStored>(place));

        private static readonly Dictionary<string, object> Names = typeof(TProperty) is var type && (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } e
            ? Enum.GetNames(e).ToDictionary(name => name, name => Enum.Parse(e, name))
            : [];

        private static TProperty ParseEnum(string name) => (TProperty)Names[name];
    }
}
