using Npgsql;

namespace FamilyDoctor.Contracts.Merging;

/// <summary>Residents in the vault who may be one and the same, and what was said of them; nothing of it is readable.</summary>
public sealed class Duplicates(NpgsqlDataSource database)
{
    /// <summary>Pairs of residents with the same name, sex and birth date that nobody has looked at yet.</summary>
    public async Task<IReadOnlyList<(Guid One, Guid Other)>> Alike(Guid after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select a.id, b.id from residents a join residents b on b.likeness = a.likeness and b.id > a.id
            where a.id > $1 and a.merged_into is null and b.merged_into is null
                and not exists (select 1 from different_residents d where d.one = a.id and d.other = b.id)
            order by a.id, b.id limit $2
            """);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(limit);
        var pairs = new List<(Guid, Guid)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            pairs.Add((row.GetGuid(0), row.GetGuid(1)));
        return pairs;
    }

    /// <summary>The duplicate's certificates lead to the survivor from now on.</summary>
    public Task Merge(Guid survivorId, Guid duplicateId, CancellationToken ct) =>
        Write("update residents set merged_into = $1 where id = $2 or merged_into = $2", survivorId, duplicateId, ct);

    /// <summary>Two who look alike are two people.</summary>
    public Task TellApart(Guid one, Guid other, CancellationToken ct) =>
        Write("insert into different_residents select least($1, $2), greatest($1, $2) on conflict do nothing", one, other, ct);

    private async Task Write(string sql, Guid one, Guid other, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(one);
        command.Parameters.AddWithValue(other);
        await command.ExecuteNonQueryAsync(ct);
    }
}
