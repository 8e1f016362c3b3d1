using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <summary>The refusals that this service's decisions have in common.</summary>
public static class Refusing
{
    public static RuleBroken Transition<TStatus>(string what, TStatus state, params TStatus[] allowed) where TStatus : struct, Enum => new("INVALID_TRANSITION",
        $"This is not possible for {what} that is {state}.", new { state = state.ToString(), allowed = allowed.Select(a => a.ToString()) });

    public static RuleBroken Invalid(string field, string sentence) =>
        new("VALIDATION_FAILED", sentence, new { violations = new[] { new { field, message = sentence } } });

    /// <summary>The entries of a list, each of which must be a word of 100 characters at most; rows of an import pass here too.</summary>
    public static IReadOnlyList<string> Words(string field, IReadOnlyList<string>? words) => words switch
    {
        null => [],
        _ when words.Count > 500 || words.Any(w => string.IsNullOrWhiteSpace(w) || w.Length > 100) =>
            throw Invalid(field, "Each entry is a word of 100 characters at most, and there are 500 at most."),
        _ => words,
    };

    /// <summary>The entries of a list, none of which may be missing.</summary>
    public static IReadOnlyList<T> Entries<T>(string field, IReadOnlyList<T>? entries, Func<T, bool> isWhole) where T : class => entries switch
    {
        null => [],
        _ when entries.Count > 500 || entries.Any(e => e is null || !isWhole(e)) => throw Invalid(field, "An entry is missing or not whole."),
        _ => entries,
    };
}
