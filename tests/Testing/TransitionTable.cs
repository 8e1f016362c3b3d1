using FamilyDoctor.EventSourcing;
using Xunit;

namespace FamilyDoctor.Testing;

/// <summary>A row of an aggregate's table: where it holds, and what comes of it there.</summary>
public sealed record Row(IReadOnlyList<string> States, IReadOnlyList<string> Commands, string Next, IReadOnlyList<string> Events, IReadOnlyList<string> Codes)
{
    public bool IsRefused => Next.Length == 0;
}

/// <summary>The Markdown table beside an aggregate, as people read it.</summary>
public sealed class TransitionTable
{
    public const string AnyOther = "any other";
    private readonly List<Row> rows;

    /// <param name="file">Below services, with the service's folder.</param>
    public TransitionTable(string file, IReadOnlyCollection<string> states, IReadOnlyCollection<string> commands)
    {
        rows = [.. File.ReadLines(Path.Combine(SourceTree.Root, "services", file))
            .Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal) && !line.StartsWith("| state ", StringComparison.Ordinal))
            .Select(Read)];
        (States, Commands) = (states, commands);
        Assert.Empty(rows.SelectMany(r => r.States).Where(s => s != AnyOther).Except(states));
        Assert.Empty(rows.SelectMany(r => r.Commands).Where(c => c != AnyOther).Except(commands));
    }

    public IReadOnlyCollection<string> States { get; }
    public IReadOnlyCollection<string> Commands { get; }
    public IEnumerable<Row> Rows => rows;

    /// <summary>The one row that speaks of a pair: the one that names both, then the state's rest, then the command's.</summary>
    public Row Of(string state, string command) =>
        Only(state, command, r => r.States.Contains(state) && r.Commands.Contains(command))
        ?? Only(state, command, r => r.States.Contains(state) && r.Commands.Contains(AnyOther))
        ?? Only(state, command, r => r.States.Contains(AnyOther) && r.Commands.Contains(command))
        ?? throw new Xunit.Sdk.XunitException($"No row speaks of {command} in state {state}.");

    private Row? Only(string state, string command, Func<Row, bool> speaks) => rows.Where(speaks).ToList() switch
    {
        [] => null,
        [var one] => one,
        _ => throw new Xunit.Sdk.XunitException($"Two rows speak of {command} in state {state}."),
    };

    private static Row Read(string line)
    {
        var cells = line.Trim('|', ' ').Split('|').Select(c => c.Trim()).Concat(["", "", ""]).ToList();
        return new(List(cells[0]), List(cells[1]), cells[2], List(cells[3]), List(cells[4]));

        static IReadOnlyList<string> List(string cell) => cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Tries every pair of state and command, and reports all that differ from the table.</summary>
    /// <param name="ask">What a command comes to in a state: its events and the next state; throws when refused.</param>
    public void HoldsFor(Func<string, string, (IReadOnlyList<DomainEvent> Events, string Next)> ask)
    {
        var wrong = new List<string>();
        foreach (var state in States)
        {
            foreach (var command in Commands)
            {
                var row = Of(state, command);
                var expected = row.IsRefused ? row.Codes.Single() : $"{string.Join(", ", row.Events)} -> {(row.Next == "same" ? "same" : row.Next)}";
                var outcome = Try(() => ask(state, command), state, row.Next == "same");
                if (outcome != expected)
                    wrong.Add($"{command} in state {state}: expected {expected}, got {outcome}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>Every code of a row that can happen has a case that provokes it, and no case is left over.</summary>
    public void RefusesAsListed(IReadOnlyList<(string State, string Command, string Code, Action Ask)> cases)
    {
        var listed = Rows.Where(r => !r.IsRefused).SelectMany(r => r.Codes.SelectMany(code => r.Commands.Select(command => (command, code)))).Distinct().Order();
        Assert.Equal(listed, cases.Select(c => (c.Command, c.Code)).Distinct().Order());
        var wrong = cases.Select(c => (c, Outcome: Code(c.Ask))).Where(x => x.Outcome != x.c.Code)
            .Select(x => $"{x.c.Command} in state {x.c.State}: expected {x.c.Code}, got {x.Outcome}").ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.All(cases, c => Assert.Contains(c.Code, Of(c.State, c.Command).Codes));
    }

    private static string Try(Func<(IReadOnlyList<DomainEvent> Events, string Next)> ask, string state, bool same)
    {
        try
        {
            var (events, next) = ask();
            return $"{string.Join(", ", events.Select(e => e.GetType().Name))} -> {(same && next == state ? "same" : next)}";
        }
        catch (Exception e) when (e is RuleBroken or UnknownId)
        {
            return e is RuleBroken rule ? rule.Code : "NOT_FOUND";
        }
        catch (LedgerTurned)
        {
            return "LEDGER_TURNED";
        }
        catch (InvalidOperationException fault)
        {
            return $"fault: {fault.Message}";
        }
    }

    private static string Code(Action ask)
    {
        try
        {
            ask();
            return "no refusal";
        }
        catch (Exception e) when (e is RuleBroken or UnknownId)
        {
            return e is RuleBroken rule ? rule.Code : "NOT_FOUND";
        }
    }
}
