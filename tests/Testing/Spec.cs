using System.Globalization;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using Xunit;

namespace FamilyDoctor.Testing;

/// <summary>Given what happened, when somebody asks for something, then this happens, or is refused.</summary>
public static class Spec
{
    private static readonly PolicyBook Policies = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    /// <summary>A moment in the city's own time: "2024-03-01 09:00".</summary>
    public static Moment At(string localTime)
    {
        var local = DateTime.ParseExact(localTime, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return Policies.At(new DateTimeOffset(local, TimeSpan.FromHours(8)));
    }

    public static Given<A> Given<A>(params DomainEvent[] history) where A : class, IState<A> => new(Fold<A>(history));

    internal static A? Fold<A>(IEnumerable<DomainEvent> history) where A : class, IState<A> =>
        history.Aggregate(default(A), (state, @event) => A.Evolve(state, @event));
}

public sealed record Given<A>(A? State) where A : class, IState<A>
{
    public Given<A, B> And<B>(params DomainEvent[] history) where B : class, IState<B> => new(State, Spec.Fold<B>(history));

    public Outcome When(string at, Func<A?, Moment, IEnumerable<DomainEvent>> decide) =>
        Outcome.Of(() => [Outcome.Follows(State, decide(State, Spec.At(at)))]);
}

public sealed record Given<A, B>(A? First, B? Second) where A : class, IState<A> where B : class, IState<B>
{
    public Given<A, B, C> And<C>(params DomainEvent[] history) where C : class, IState<C> => new(First, Second, Spec.Fold<C>(history));

    public Outcome When(string at, Func<A?, B?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> decide) => Outcome.Of(() =>
    {
        var (a, b) = decide(First, Second, Spec.At(at));
        return [Outcome.Follows(First, a), Outcome.Follows(Second, b)];
    });
}

public sealed record Given<A, B, C>(A? First, B? Second, C? Third)
    where A : class, IState<A> where B : class, IState<B> where C : class, IState<C>
{
    public Outcome When(
        string at, Func<A?, B?, C?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> decide) => Outcome.Of(() =>
    {
        var (a, b, c) = decide(First, Second, Third, Spec.At(at));
        return [Outcome.Follows(First, a), Outcome.Follows(Second, b), Outcome.Follows(Third, c)];
    });
}

/// <summary>What a decision came to.</summary>
public sealed class Outcome
{
    private readonly IReadOnlyList<DomainEvent> events;
    private readonly Exception? refusal;

    private Outcome(IReadOnlyList<DomainEvent> events, Exception? refusal) => (this.events, this.refusal) = (events, refusal);

    /// <summary>Exactly these events, of all streams in the order of the decision.</summary>
    public void Then(params DomainEvent[] expected)
    {
        Assert.Null(refusal);
        Assert.Equal(expected.Select(Text), events.Select(Text));
    }

    /// <summary>Events of these types, in this order.</summary>
    public void ThenEvents(params Type[] expected)
    {
        Assert.Null(refusal);
        Assert.Equal(expected.Select(t => t.Name), events.Select(e => e.GetType().Name));
    }

    /// <summary>It was so already.</summary>
    public void ThenNothing() => Then();

    public void ThenRefused(string code) => Assert.Equal(code, refusal is RuleBroken broken ? broken.Code
        : throw new Xunit.Sdk.XunitException($"Expected {code}, but got {refusal?.ToString() ?? string.Join(", ", events)}."));

    public void ThenUnknown() => Assert.IsType<UnknownId>(refusal);

    /// <summary>What was decided, for assertions of one's own.</summary>
    public IReadOnlyList<DomainEvent> Events => refusal is null ? events : throw new Xunit.Sdk.XunitException($"Refused: {refusal}");

    internal static Outcome Of(Func<IEnumerable<DomainEvent>[]> decide)
    {
        try
        {
            return new([.. decide().SelectMany(e => e)], null);
        }
        catch (Exception e) when (e is RuleBroken or UnknownId or LedgerTurned)
        {
            return new([], e);
        }
    }

    /// <summary>Every decided event must be able to follow: Evolve throws where it cannot.</summary>
    internal static IEnumerable<DomainEvent> Follows<S>(S? state, IEnumerable<DomainEvent> decided) where S : class, IState<S>
    {
        var events = decided.ToList();
        foreach (var @event in events)
            state = S.Evolve(state, @event);
        return events;
    }

    private static string Text(DomainEvent @event) => $"{@event.GetType().Name} {JsonSerializer.Serialize(@event, @event.GetType())}";
}
