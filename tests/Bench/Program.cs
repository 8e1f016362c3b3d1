using FamilyDoctor.Bench;

if (Wishes.Of(args) is not { } wishes)
    return 2;
try
{
    await using var ground = await Ground.Open(wishes);
    Comparison[] comparisons = [new NewStream(), new LoadAndAppend(), new OneHotStream()];
    var table = new Table(wishes.Quick);
    foreach (var line in await ground.Head())
        Console.WriteLine(line);
    foreach (var comparison in comparisons)
    {
        var rows = comparison.Rows.Where(wishes.Wants).ToList();
        if (rows.Count == 0)
            continue;
        await comparison.Prepare(ground);
        foreach (var row in rows)
            table.Add(await Rounds.Of(row, wishes.Quick));
        await ground.DropDatabases();
    }
    table.Print();
    if (wishes.Json is { } file)
        await table.Write(file);
    return table.EveryMustHolds ? 0 : 1;
}
catch (NotDurable e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
