using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <summary>The steps of a past case in the order of their times, with what the clock decided between them.</summary>
public sealed class Past<TDecision>
{
    private readonly List<(DateTimeOffset At, TDecision Decide)> steps = [];
    private readonly List<(DateTimeOffset At, TDecision Decide)> clock = [];

    /// <summary>Somebody did something; null: nobody did. A step may not lie before the one it follows.</summary>
    public void Step(DateTimeOffset? at, TDecision decide)
    {
        if (at is not { } time)
            return;
        if (time.Year is < 1990 or > 2199 || (steps.Count > 0 && time < steps[^1].At))
            throw new RuleBroken("RULE_VIOLATION", "The times of this row are not in order.", new { at });
        steps.Add((time, decide));
    }

    /// <summary>A deadline: decided if the case goes on beyond it. What was due before the first step is the runner's to decide.</summary>
    public void Clock(DateTimeOffset due, TDecision decide) => clock.Add((due, decide));

    public IEnumerable<(DateTimeOffset At, TDecision Decide)> InOrder() =>
        steps.Select(step => (step.At, Rank: 1, step.Decide))
            .Concat(clock.Where(c => c.At > steps[0].At && c.At <= steps[^1].At).Select(c => (c.At, Rank: 0, c.Decide)))
            .OrderBy(s => s.At).ThenBy(s => s.Rank).Select(s => (s.At, s.Decide)); // stable: equal steps stay as they came
}
