using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>How far a reader of the log has come, in Marten's progression table.</summary>
public static class Progress
{
    public static async Task<long?> Find(NpgsqlDataSource database, string name, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select last_seq_id from mt_event_progression where name = $1");
        command.Parameters.AddWithValue(name);
        return (long?)await command.ExecuteScalarAsync(ct);
    }

    public static async Task Save(NpgsqlConnection connection, string name, long sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into mt_event_progression (name, last_seq_id, last_updated) values ($1, $2, transaction_timestamp())
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
            """, connection);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(sequence);
        await command.ExecuteNonQueryAsync(ct);
    }
}
