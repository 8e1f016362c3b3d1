using FamilyDoctor.EventSourcing;
using Npgsql;

namespace FamilyDoctor.Contracts.Erasing;

/// <summary>Destroys a resident's keys in every service and all that lies here sealed with them; what a crash leaves behind opens to nobody, and is found again.</summary>
public sealed class Shredding(NpgsqlDataSource database, Vault vault)
{
    /// <summary>Nothing of him is left, nor anything to find him by. Registrations that were merged into his are his.</summary>
    public async Task Shred(Guid residentId, CancellationToken ct)
    {
        var ids = new List<Guid> { residentId };
        await using (var merged = database.CreateCommand("select id from residents where merged_into = $1"))
        {
            merged.Parameters.AddWithValue(residentId);
            await using var row = await merged.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                ids.Add(row.GetGuid(0));
        }
        foreach (var id in ids)
            await vault.Erase(id, ct);
        await using var command = database.CreateCommand("""
            with certificates as (delete from resident_certificates where resident_id = any($1)),
                 documents as (delete from fd_documents where resident_id = any($1)),
                 pairs as (delete from different_residents where one = any($1) or other = any($1))
            delete from residents where id = any($1)
            """);
        command.Parameters.AddWithValue(ids.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }
}
