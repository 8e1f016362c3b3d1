using FamilyDoctor.Bench;
using Npgsql;

if (Wishes.Of(args) is not { } wishes)
    return 2;
try
{
    var quick = wishes.Quick;
    Comparison[] comparisons = [
        new NewStream(), new NewStream(forgetful: true), new LoadAndAppend(quick), new OneHotStream(), new LongStreams(), new Bulk(quick),
        new WholeLog(quick), new Relaying(quick), new SigningOverHttp(quick), new YearsTurn(quick)];
    var wanted = comparisons.Select(c => (Comparison: c, Rows: c.Rows.Where(wishes.Wants).ToList())).Where(w => w.Rows.Count > 0).ToList();
    if (wanted.Count == 0)
        throw new Unmeasurable($"No row is called {string.Join(" or ", wishes.Names)}.");
    await using var ground = await Ground.Open(wishes, wanted.Exists(w => w.Comparison.NeedsBroker));
    var table = new Table(wishes.Quick);
    foreach (var line in await ground.Head())
        Console.WriteLine(line);
    foreach (var (comparison, rows) in wanted)
    {
        Console.Error.WriteLine($"Preparing {rows[0].Name}");
        await using (comparison)
        {
            await comparison.Prepare(ground);
            foreach (var row in rows)
                table.Add(await Rounds.Of(row, wishes.Quick));
        }
        await ground.DropDatabases();
    }
    table.Print();
    if (wishes.Json is { } file)
        await table.Write(file);
    return table.EveryMustHolds ? 0 : 1;
}
catch (Unmeasurable e)
{
    Console.Error.WriteLine();
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (NpgsqlException e)
{
    Console.Error.WriteLine();
    Console.Error.WriteLine($"The bench stops, PostgreSQL failed: {e}");
    return 2;
}
