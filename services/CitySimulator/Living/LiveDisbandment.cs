using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.Policies;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>
/// One team ends. Its residents are told who succeeds it: most agree, a few object and leave, and for those who say
/// nothing it is so when the time to object is over.
/// </summary>
public sealed class LiveDisbandment(Plan plan)
{
    private const double Agreeing = 0.6, Objecting = 0.02;
    private const int DaysToTell = 2, DaysToAnswer = 15;
    private IReadOnlyList<Resident> leaving = [];
    private Team? successor;
    private DateOnly gone;

    public IEnumerable<Step> Day(DateOnly day, int number)
    {
        if (successor is not null && day > gone)
        {
            foreach (var resident in leaving)
                plan.Panels.Move(resident, successor);
            successor = null;
        }
        return number == plan.City.Assumptions.DisbandmentAfter.Value && plan.Panels.Working.Count > 2 ? Announce(day) : [];
    }

    private IEnumerable<Step> Announce(DateOnly day)
    {
        var team = plan.Choice.One(plan.Panels.Working, "team that ends", 0);
        successor = plan.Panels.Working.Where(t => t != team).MaxBy(t => t.Fte * Policy.Default.ContractsPerGp - plan.Panels.CountOn(t, day))!;
        // Announced late, because nobody was there, it also ends later.
        gone = Effective(day).AddDays(7);
        leaving = plan.Panels.Leave(team);
        var (at, id) = (plan.Days.InHours(day, 0.2), successor.Id);
        yield return new(at, at.AddDays(180), $"disbandment:{team.Index}", "teams disbanded", "teams", $"/teams/{team.Id}/disbandment")
        {
            BodyAt = now => new { effectiveOn = Effective(plan.Days.DateOf(now)), reason = "institutionRestructured", successors = new[] { id } },
        };
        foreach (var resident in leaving.Where(r => r.LeftOn is null))
        {
            var says = plan.Choice.Fraction("says to a successor", resident.Index);
            if (says >= Agreeing + Objecting)
                continue;
            var answer = plan.Days.InHours(plan.Days.Add(day, DaysToTell + plan.Choice.Below(DaysToAnswer, "answers after", resident.Index)),
                plan.Choice.Fraction("answers at", resident.Index));
            var contract = $"/contracts/{plan.NewestContract(resident, answer)}";
            var (path, what) = says < Agreeing
                ? ($"{contract}/reassignment/acceptance", "successors agreed to")
                : ($"{contract}/reassignment/objection", "successors objected to");
            if (says >= Agreeing)
                resident.LeftOn = plan.Days.DateOf(answer);
            yield return new(answer, answer.AddDays(180), $"reassignment:{resident.Index}", what, "contracts", path)
            {
                FindPath = async (services, ct) => await IsAsked(services, contract, team, ct) ? path : null,
            };
        }
    }

    /// <summary>The services need a moment from the announcement until each resident is asked.</summary>
    private static async Task<bool> IsAsked(Services services, string contract, Team team, CancellationToken ct)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var found = await services.Find<ContractView>("contracts", contract, ct);
            if (found?.TeamId != team.Id || found.Reassignment is not null)
                return found?.TeamId == team.Id;
            await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
        }
        return false;
    }

    private sealed record ContractView(Guid TeamId, ReassignmentView? Reassignment);

    private sealed record ReassignmentView(DateOnly ObjectUntil);

    private static DateOnly Effective(DateOnly told) => told.AddDays(Policy.Default.DisbandNoticeDays + 5);
}
