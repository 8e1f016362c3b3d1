using Npgsql;

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

    /// <summary>Whose lists the row stands in now, such as "hospital:{id}"; whoever follows one of them is told when the row changes.</summary>
    static virtual IEnumerable<string> Lists(TSelf row) => [];

    /// <summary>Which rows an event touches; most events touch none.</summary>
    static abstract IEnumerable<Guid> Keys(Recorded recorded);

    /// <summary>The row after the event; null removes it.</summary>
    static abstract TSelf? Evolve(TSelf? row, Guid id, Recorded recorded);
}

/// <summary>Reads a view's rows. Conditions are SQL on the columns (snake case), values are parameters $1, $2 ...</summary>
public sealed class Rows<T>(NpgsqlDataSource database) where T : class, IRow<T>
{
    private static readonly Table<T> Table = new();

    /// <summary>How far in the log the view was seen to be.</summary>
    internal long Reached { get; set; }

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
