using FamilyDoctor.EventSourcing;
using Xunit;

namespace FamilyDoctor.Testing;

/// <summary>After which states an event can follow; everywhere else an aggregate refuses it loudly.</summary>
public static class Following
{
    /// <param name="expected">A line an event: its name, a colon, and the states (or "all but" some), by their names in the aggregate's table.</param>
    /// <param name="others">Events that are in none of the states' histories.</param>
    public static void Only<A>(string expected, IReadOnlyDictionary<string, DomainEvent[]> states, params DomainEvent[] others) where A : class, IState<A>
    {
        var actual = string.Join('\n', states.Values.SelectMany(h => h).Concat(others).DistinctBy(e => e.GetType()).OrderBy(e => e.GetType().Name, StringComparer.Ordinal)
            .Select(e => $"{e.GetType().Name}: {Named([.. states.Keys.Where(s => Can(Spec.Fold<A>(states[s]), e))], states.Keys)}"));
        Assert.True(expected.ReplaceLineEndings("\n") == actual, $"The events follow so:\n{actual}");
    }

    private static string Named(List<string> after, IEnumerable<string> all) =>
        all.Except(after).ToList() is { } not && after.Count > not.Count ? $"all but {string.Join(", ", not)}" : string.Join(", ", after);

    private static bool Can<A>(A? state, DomainEvent @event) where A : class, IState<A>
    {
        try
        {
            _ = A.Evolve(state, @event);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
