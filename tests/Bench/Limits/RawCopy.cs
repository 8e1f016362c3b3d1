using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.Bench;

/// <summary>An event of a diary: its first version opens it, the others are visits. Its number follows from its place.</summary>
public readonly record struct RawEvent(Guid Id, Guid Stream, long Version);

/// <summary>Binary COPY: nothing brings rows into PostgreSQL faster.</summary>
public static class RawCopy
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private const string Tenant = "*DEFAULT*";
    private static readonly (string Alias, string DotNetType, byte[] Json) Opened = Diary.Types.Write(Diary.Opened), Noted = Diary.Types.Write(Diary.Noted);
    private static readonly byte[] Headers = Encoding.UTF8.GetBytes(Diary.HeadersText);

    public static void Streams(NpgsqlConnection connection, IEnumerable<(Guid Stream, int Events)> streams)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        using var rows = connection.BeginBinaryImport(
            "copy mt_streams (id, type, version, timestamp, created, tenant_id, is_archived) from stdin (format binary)");
        foreach (var (stream, events) in streams)
        {
            rows.StartRow();
            rows.Write(stream, NpgsqlDbType.Uuid);
            rows.Write("diary", NpgsqlDbType.Varchar);
            rows.Write((long)events, NpgsqlDbType.Bigint);
            rows.Write(now, NpgsqlDbType.TimestampTz);
            rows.Write(now, NpgsqlDbType.TimestampTz);
            rows.Write(Tenant, NpgsqlDbType.Varchar);
            rows.Write(false, NpgsqlDbType.Boolean);
        }
        rows.Timeout = Patience; // the foreign key is checked at the end
        rows.Complete();
    }

    public static void Events(NpgsqlConnection connection, IEnumerable<RawEvent> events)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var sequence = 0L;
        using var rows = connection.BeginBinaryImport($"copy mt_events ({RawSql.EventColumns}) from stdin (format binary)");
        foreach (var e in events)
        {
            var (alias, dotNetType, json) = e.Version == 1 ? Opened : Noted;
            rows.StartRow();
            rows.Write(++sequence, NpgsqlDbType.Bigint);
            rows.Write(e.Id, NpgsqlDbType.Uuid);
            rows.Write(e.Stream, NpgsqlDbType.Uuid);
            rows.Write(e.Version, NpgsqlDbType.Bigint);
            rows.Write(json, NpgsqlDbType.Jsonb);
            rows.Write(alias, NpgsqlDbType.Varchar);
            rows.Write(now, NpgsqlDbType.TimestampTz);
            rows.Write(Tenant, NpgsqlDbType.Varchar);
            rows.Write(dotNetType, NpgsqlDbType.Varchar);
            rows.Write(Diary.By.CorrelationId, NpgsqlDbType.Varchar);
            rows.WriteNull();
            rows.Write(Headers, NpgsqlDbType.Jsonb);
            rows.Write(false, NpgsqlDbType.Boolean);
        }
        rows.Timeout = Patience; // the foreign key is checked at the end
        rows.Complete();
    }
}
