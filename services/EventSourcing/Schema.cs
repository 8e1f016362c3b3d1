using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>Creates what a database lacks; several instances may do so at once, one does it after the other.</summary>
internal static class Schema
{
    /// <param name="sql">Must be repeatable.</param>
    public static async Task Create(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var one = new NpgsqlCommand("set local lock_timeout = 0; select pg_advisory_xact_lock(hashtext('schema'))", connection, transaction))
            await one.ExecuteNonQueryAsync(ct);
        await using (var all = new NpgsqlCommand(sql, connection, transaction))
            await all.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The same with a file that is carried in this assembly.</summary>
    public static async Task CreateFrom(NpgsqlDataSource database, string file, CancellationToken ct)
    {
        using var reader = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream(file)!);
        await Create(database, await reader.ReadToEndAsync(ct), ct);
    }
}
