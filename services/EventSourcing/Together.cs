namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Questions asked at the same moment share a round trip: while two are under way the others gather for the next.
/// A lone one waits for nobody, and every one is sent after it was asked.
/// </summary>
/// <param name="ask">Answers many at once; what has no answer is absent.</param>
public sealed class Together<TQuestion, TAnswer>(Func<IReadOnlyCollection<TQuestion>, Task<IReadOnlyDictionary<TQuestion, TAnswer>>> ask)
    where TQuestion : notnull
{
    private const int MostUnderWay = 2;
    private readonly Lock one = new();
    private Round gathering = new();
    private int underWay;

    public async Task<TAnswer?> Ask(TQuestion question, CancellationToken ct)
    {
        Round round;
        bool goes;
        lock (one)
        {
            (round = gathering).Questions.Add(question);
            if (goes = underWay < MostUnderWay)
                underWay++;
        }
        if (goes)
            _ = Go();
        return (await round.Answers.Task.WaitAsync(ct)).GetValueOrDefault(question);
    }

    private async Task Go()
    {
        while (Gathered() is { } round)
        {
            try
            {
                round.Answers.SetResult(await ask(round.Questions));
            }
#pragma warning disable CA1031 // Whatever went wrong is told to those who asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                round.Answers.SetException(e);
            }
        }
    }

    private Round? Gathered()
    {
        lock (one)
        {
            var round = gathering;
            if (round.Questions.Count == 0)
            {
                underWay--;
                return null;
            }
            gathering = new();
            return round;
        }
    }

    private sealed class Round
    {
        public HashSet<TQuestion> Questions { get; } = [];
        public TaskCompletionSource<IReadOnlyDictionary<TQuestion, TAnswer>> Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
