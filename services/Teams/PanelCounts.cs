using FamilyDoctor.EventSourcing;
using Npgsql;

namespace FamilyDoctor.Teams;

/// <summary>The team a resident has a contract with now; null when he has none.</summary>
public sealed record PanelResident(Guid? TeamId);

/// <summary>How many residents the teams have, as Contracts has told so far. Asked a few times a year.</summary>
public sealed class PanelCounts(NpgsqlDataSource database, Copies<PanelResident> residents)
{
    public async Task<IReadOnlyDictionary<Guid, int>> Of(IReadOnlyList<Guid> teams, CancellationToken ct)
    {
        await residents.Find(Guid.Empty, ct); // the table is there from now on
        await using var command = database.CreateCommand(
            "select (facts->>'TeamId')::uuid, count(*)::int from copies.panel_resident where (facts->>'TeamId')::uuid = any($1) group by 1");
        command.Parameters.AddWithValue(teams.ToArray());
        var counts = new Dictionary<Guid, int>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            counts.Add(row.GetGuid(0), row.GetInt32(1));
        return counts;
    }
}
