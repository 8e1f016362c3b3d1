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

    /// <summary>
    /// Moves from where the readers were; false when another reader has moved one meanwhile, so that nothing is folded
    /// twice when two believe themselves elected for a moment.
    /// </summary>
    public static async Task<bool> Move(NpgsqlConnection connection, string[] names, long from, long to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into mt_event_progression (name, last_seq_id, last_updated) select name, $2, transaction_timestamp() from unnest($1) as n(name)
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
            where mt_event_progression.last_seq_id = $3
            """, connection);
        command.Parameters.AddWithValue(names);
        command.Parameters.AddWithValue(to);
        command.Parameters.AddWithValue(from);
        return await command.ExecuteNonQueryAsync(ct) == names.Length;
    }
}
