using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>A view as the builder sees it.</summary>
public abstract class View
{
    public static View Of<T>() where T : class, IRow<T> => new Built<T>();

    public abstract string Name { get; }
    public abstract int Version { get; }
    public string Checkpoint => Version == 1 ? $"{Name}:All" : $"{Name}:V{Version}:All";

    public abstract Task Create(NpgsqlConnection connection, string schema, CancellationToken ct);
    public abstract Task Index(NpgsqlConnection connection, string schema, CancellationToken ct);

    /// <summary>Reads the rows that these events touch, folds the events in, writes the rows back. Returns the lists that changed.</summary>
    public abstract Task<IEnumerable<string>> Apply(NpgsqlConnection connection, string schema, IEnumerable<Recorded> page, CancellationToken ct);

    /// <summary>Begins a fold of the whole log in memory.</summary>
    public abstract IFold Fold();

    /// <summary>A view's rows while they are only in memory.</summary>
    public interface IFold
    {
        int Count { get; }
        void Apply(Recorded recorded);

        /// <summary>Fills the empty table.</summary>
        Task Write(NpgsqlConnection connection, string schema, CancellationToken ct);
    }

    private sealed class Built<T> : View where T : class, IRow<T>
    {
        private readonly Table<T> table = new();

        public override string Name => table.Name;
        public override int Version => T.Version;

        public override Task Create(NpgsqlConnection connection, string schema, CancellationToken ct) => table.Create(connection, schema, ct);

        public override Task Index(NpgsqlConnection connection, string schema, CancellationToken ct) =>
            table.Index(connection, schema, T.Indexes, ct);

        public override async Task<IEnumerable<string>> Apply(NpgsqlConnection connection, string schema, IEnumerable<Recorded> page, CancellationToken ct)
        {
            var touched = new List<(Guid Id, Recorded Recorded)>();
            foreach (var recorded in page)
            {
                foreach (var id in T.Keys(recorded))
                    touched.Add((id, recorded));
            }
            if (touched.Count == 0)
                return [];
            var before = (await table.Read(connection, schema, $"{table.Key} = any($1)", ct, touched.Select(t => t.Id).Distinct().ToArray()))
                .ToDictionary(table.IdOf);
            var rows = before.ToDictionary(r => r.Key, r => (T?)r.Value);
            foreach (var (id, recorded) in touched)
                rows[id] = T.Evolve(rows.GetValueOrDefault(id), id, recorded);
            await table.Write(connection, schema, rows, ct);
            return rows.Where(r => !Equals(r.Value, before.GetValueOrDefault(r.Key)))
                .SelectMany(r => Lists(r.Value).Concat(Lists(before.GetValueOrDefault(r.Key)))).ToHashSet();
        }

        /// <summary>A list that ends in its colon is nobody's.</summary>
        private static IEnumerable<string> Lists(T? row) => row is null ? [] : T.Lists(row).Where(list => list[^1] != ':');

        public override IFold Fold() => new InMemory(table);

        private sealed class InMemory(Table<T> table) : IFold
        {
            private readonly Dictionary<Guid, T?> rows = [];

            public int Count => rows.Count;

            public void Apply(Recorded recorded)
            {
                foreach (var id in T.Keys(recorded))
                    rows[id] = T.Evolve(rows.GetValueOrDefault(id), id, recorded);
            }

            public Task Write(NpgsqlConnection connection, string schema, CancellationToken ct) =>
                table.Fill(connection, schema, rows.OrderBy(r => r.Key).Select(r => r.Value).OfType<T>(), ct); // in the key's order
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
    /// <summary>Larger ones outlive the garbage collector's youngest generation, which costs more than the round trips saved.</summary>
    private const int Page = 2_000;
    private const int MostRowsInMemory = 1_000_000;
    private readonly NpgsqlDataSource database = database;

    protected override async Task Work(CancellationToken ct)
    {
        var live = new List<(View View, long From)>();
        var building = new List<View>();
        foreach (var view in views)
        {
            var reached = await Progress.Find(database, view.Checkpoint, ct);
            if (reached is null && await Exists("views", view.Name, ct))
                building.Add(view);
            else
                live.Add((view, reached ?? 0));
        }
        await Prepare("views", [.. live.Where(v => v.From == 0).Select(v => v.View)], ct);
        using var together = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var groups = live.GroupBy(v => v.From).Select(g => Follow([.. g.Select(v => v.View)], "views", g.Key, together.Token))
            .Concat(building.Select(view => Build(view, together.Token))).ToList();
        if (groups.Count == 0)
            return;
        await await Task.WhenAny(groups);
        await together.CancelAsync();
        await Task.WhenAll(groups);
    }

    /// <summary>Folds the log so far in memory, writes the rows at once, and goes on from there. Interrupted, it begins again.</summary>
    private async Task Build(View view, CancellationToken ct)
    {
        var checkpoint = Building(view);
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            await using var drop = new NpgsqlCommand(
                $"create schema if not exists building; drop table if exists building.{view.Name}; delete from mt_event_progression where name = '{checkpoint}'", connection);
            await drop.ExecuteNonQueryAsync(ct);
            await view.Create(connection, "building", ct);
        }
        var (fold, position) = await Fold(view, ct);
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await fold.Write(connection, "building", ct);
            await view.Index(connection, "building", ct);
            await Progress.Move(connection, [checkpoint], 0, position, ct);
            await transaction.CommitAsync(ct);
        }
        await Follow([view], "building", position, ct);
    }

    /// <summary>Most views need no headers; one that asks for them is folded again with them.</summary>
    private async Task<(View.IFold Fold, long Position)> Fold(View view, CancellationToken ct, bool withHeaders = false)
    {
        var (fold, position) = (view.Fold(), 0L);
        var reader = store.ReadLog(0, withHeaders);
        var reading = reader.Next(Page, ct);
        while (await reading is { Count: > 0 } page && fold.Count < MostRowsInMemory)
        {
            position = page[^1].Sequence;
            reading = reader.Next(Page, ct); // while this page is folded
            Warn(page);
            try
            {
                foreach (var recorded in page)
                {
                    if (recorded.Event is not UnknownEvent)
                        fold.Apply(recorded);
                }
            }
            catch (HeadersNotRead)
            {
                await reading;
                return await Fold(view, ct, withHeaders: true);
            }
        }
        return (fold, position);
    }

    private async Task Follow(List<View> group, string schema, long from, CancellationToken ct)
    {
        var reader = store.ReadLog(from);
        var position = from;
        while (!ct.IsCancellationRequested)
        {
            var appended = store.NextAppend;
            var page = await reader.Next(Page, ct);
            if (page.Count == 0)
            {
                if (schema == "building")
                {
                    await SwapIn(group[0], position, ct);
                    schema = "views";
                }
                await appended.OrAMoment(ct);
                continue;
            }
            Warn(page);
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            string[] checkpoints = [.. group.Select(view => schema == "views" ? view.Checkpoint : Building(view))];
            if (!await Progress.Move(connection, checkpoints, position, page[^1].Sequence, ct))
                return; // another builder has taken over
            var changed = new HashSet<string>();
            foreach (var view in group)
                changed.UnionWith(await view.Apply(connection, schema, page.Where(r => r.Event is not UnknownEvent), ct));
            if (changed.Count > 0 && schema == "views")
                await LiveLists.Tell(connection, changed, page[^1].Sequence, ct);
            await transaction.CommitAsync(ct);
            position = page[^1].Sequence;
        }
    }

    private static string Building(View view) => $"building:{view.Name}";

    private void Warn(IReadOnlyList<Recorded> page)
    {
        foreach (var unknown in page.Select(r => r.Event).OfType<UnknownEvent>().Select(e => e.Type).Distinct())
            log.LogWarning("Events of type {Type} are unknown to this release; views skip them", unknown);
    }

    private async Task SwapIn(View view, long reached, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var command = new NpgsqlCommand($"""
            drop table views.{view.Name};
            alter table building.{view.Name} set schema views;
            delete from mt_event_progression where name = '{Building(view)}' or name ~ '^{view.Name}(:V[0-9]+)?:All$';
            """, connection, transaction))
            await command.ExecuteNonQueryAsync(ct);
        await Progress.Move(connection, [view.Checkpoint], 0, reached, ct);
        await LiveLists.TellAll(connection, reached, ct);
        await transaction.CommitAsync(ct);
        log.LogInformation("View {View} was built anew and swapped in", view.Name);
    }

    private async Task Prepare(string schema, List<View> fresh, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var command = new NpgsqlCommand($"create schema if not exists {schema}", connection))
            await command.ExecuteNonQueryAsync(ct);
        foreach (var view in fresh)
        {
            await view.Create(connection, schema, ct);
            await view.Index(connection, schema, ct);
        }
    }

    private async Task<bool> Exists(string schema, string table, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select to_regclass($1) is not null");
        command.Parameters.AddWithValue($"{schema}.{table}");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
