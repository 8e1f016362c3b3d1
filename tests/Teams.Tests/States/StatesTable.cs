using System.Reflection;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Tests.States;

/// <summary>A row of a table beside an aggregate: in a state, a command leads to the next state with these events, or is refused.</summary>
public sealed record StatesRow(string State, string Command, string Next, string Events, IReadOnlyList<string> Codes)
{
    /// <summary>Where this command is not possible at all in this state.</summary>
    public bool IsRefusal => Next.Length == 0;

    public override string ToString() => $"{State} | {Command} | {Next} | {Events} | {string.Join(", ", Codes)}";

    /// <summary>The rows of "services/Teams/Team.states.md"; a cell may name several states or commands with " / " between them.</summary>
    public static IReadOnlyList<StatesRow> Read(string aggregate)
    {
        var root = typeof(StatesRow).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!;
        var rows = File.ReadAllLines(Path.Combine(root, $"services/Teams/{aggregate}.states.md")).Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal)).ToList());
        return [.. from cells in rows
                   from state in cells[0].Split(" / ")
                   from command in cells[1].Split(" / ")
                   select new StatesRow(state, command, cells[2], cells[3],
                       [.. cells[4].Split(", ", StringSplitOptions.RemoveEmptyEntries)])];
    }
}

/// <summary>
/// Checks a table against the code: every row as given/when/then, every code of every row, and that the table is whole.
/// A class per aggregate says how each state comes about, what each command is, and how each refusal is provoked.
/// </summary>
public abstract class StatesTable<T>(string aggregate, Guid stream, string now) where T : class, IState<T>
{
    /// <summary>What happened to the aggregate to bring it into a state; "-" is nothing.</summary>
    internal abstract IReadOnlyDictionary<string, DomainEvent[]> States { get; }

    /// <summary>Each command as it succeeds where it is possible.</summary>
    internal abstract IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; }

    /// <summary>What makes a command be refused with a code, by "command CODE".</summary>
    internal abstract IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; }

    internal abstract string StatusOf(T state);

    /// <summary>Everybody and everything else.</summary>
    internal virtual void Around(MemoryCity city, string state) => SampleCity.Build<T>(city);

    [Fact]
    public async Task Every_row_holds()
    {
        foreach (var row in StatesRow.Read(aggregate).Where(r => !r.IsRefusal))
        {
            await using var city = InState(row.State);
            await city.Appended();
            var refusal = await RefusalOf(city, Commands[row.Command]);
            Assert.True(refusal is null, $"{row}: {refusal}");
            var events = string.Join(", ", (await city.Appended()).Where(r => r.CorrelationId != "before").Select(r => r.Event.GetType().Name));
            Assert.True((events.Length == 0 ? "nothing" : events) == row.Events, $"{row}: got {events}");
            Assert.True(Status(city) == (row.Next == "as it was" ? row.State.Split(',')[0] : row.Next), $"{row}: is {Status(city)}");
        }
    }

    [Fact]
    public async Task Every_code_of_every_row_comes()
    {
        foreach (var row in StatesRow.Read(aggregate))
        {
            foreach (var code in row.Codes)
            {
                await using var city = InState(row.State);
                var refusal = await RefusalOf(city, row.IsRefusal ? Commands[row.Command]
                    : Refusals.GetValueOrDefault($"{row.Command} {code}") ?? throw new Xunit.Sdk.XunitException($"{row}: nothing provokes {code}."));
                Assert.True(refusal == code, $"{row}: expected {code}, got {refusal ?? "no refusal"}");
            }
        }
    }

    [Fact]
    public void The_table_is_whole()
    {
        var rows = StatesRow.Read(aggregate);
        Assert.Empty(rows.GroupBy(r => (r.State, r.Command)).Where(g => g.Count() > 1).Select(g => g.Key));
        var plain = States.Keys.Where(s => !s.Contains(',', StringComparison.Ordinal));
        var missing = from state in plain
                      from command in Commands.Keys
                      where !rows.Any(r => r.State == state && r.Command == command) && !IsOfAQualifiedState(rows, command)
                      select $"{state} | {command}";
        Assert.Empty(missing);
        Assert.Empty(Refusals.Keys.Except(rows.SelectMany(r => r.Codes.Select(c => $"{r.Command} {c}"))));
        Assert.Empty(States.Keys.Except(rows.Select(r => r.State)));
        Assert.All(rows.Where(r => r.IsRefusal), r => Assert.Single(r.Codes));
    }

    /// <summary>The clock's own commands stand in the table only for the state in which they are due.</summary>
    private static bool IsOfAQualifiedState(IReadOnlyList<StatesRow> rows, string command) =>
        rows.Where(r => r.Command == command).All(r => r.State.Contains(',', StringComparison.Ordinal));

    private MemoryCity InState(string state)
    {
        var city = new MemoryCity(Testing.Spec.At(now).Now);
        Around(city, state);
        return city.Given<T>(stream, States[state]);
    }

    private string Status(MemoryCity city) => city.State<T>(stream) is { } state ? StatusOf(state) : "-";

    private static async Task<string?> RefusalOf(MemoryCity city, Func<MemoryCity, Task> command)
    {
        try
        {
            await command(city);
            return null;
        }
        catch (RuleBroken e)
        {
            return e.Code;
        }
        catch (UnknownId)
        {
            return "NOT_FOUND";
        }
    }
}
