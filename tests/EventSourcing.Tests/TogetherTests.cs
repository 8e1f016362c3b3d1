using FamilyDoctor.Testing;

namespace FamilyDoctor.EventSourcing.Tests;

public sealed class TogetherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<(int[] Asked, TaskCompletionSource Answered)> rounds = [];
    private readonly Together<int, string> squares;

    public TogetherTests() => squares = new(async asked =>
    {
        var answered = new TaskCompletionSource();
        lock (rounds)
            rounds.Add(([.. asked], answered));
        await answered.Task;
        return asked.Where(n => n >= 0).ToDictionary(n => n, n => $"{n * n}");
    });

    [Fact]
    public async Task While_two_questions_are_under_way_the_others_gather_for_one_round()
    {
        var asked = Enumerable.Range(0, 50).Select(n => squares.Ask(n % 40, default)).ToList();
        Assert.Equal([1, 1], rounds.Select(r => r.Asked.Length));

        rounds[0].Answered.SetResult();
        await Began(3);
        Assert.Equal(40, rounds[2].Asked.Length); // the same is asked once, but nobody gets an answer that left before he asked
        rounds[1].Answered.SetResult();
        rounds[2].Answered.SetResult();
        Assert.Equal(Enumerable.Range(0, 50).Select(n => $"{n % 40 * (n % 40)}"), await Task.WhenAll(asked).WaitAsync(Patience));
    }

    [Fact]
    public async Task What_is_asked_later_is_asked_anew()
    {
        for (var n = 0; n < 3; n++)
        {
            var answer = squares.Ask(7, default);
            await Began(n + 1);
            rounds[n].Answered.SetResult();
            Assert.Equal("49", await answer.WaitAsync(Patience));
        }
        Assert.Equal(3, rounds.Count);
    }

    [Fact]
    public async Task What_has_no_answer_is_null()
    {
        var answer = squares.Ask(-1, default);
        await Began(1);
        rounds[0].Answered.SetResult();
        Assert.Null(await answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_failed_round_is_told_to_those_who_asked_and_the_next_one_goes_on()
    {
        var failing = squares.Ask(1, default);
        await Began(1);
        rounds[0].Answered.SetException(new IOException("The line is down."));
        await Assert.ThrowsAsync<IOException>(() => failing.WaitAsync(Patience));

        var answer = squares.Ask(2, default);
        await Began(2);
        rounds[1].Answered.SetResult();
        Assert.Equal("4", await answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing_from_the_others()
    {
        using var gone = new CancellationTokenSource();
        var (first, second) = (squares.Ask(1, gone.Token), squares.Ask(2, default));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        await Began(2);
        rounds.ForEach(r => r.Answered.SetResult());
        Assert.Equal("4", await second.WaitAsync(Patience));
    }

    private Task Began(int count) => Talking.Until(() =>
    {
        lock (rounds)
            return Task.FromResult(rounds.Count >= count);
    });
}
