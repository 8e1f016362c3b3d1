using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>New residents sign, contracts are renewed or run out, some end early: as often as in the last published year.</summary>
public sealed class LiveContracts(Plan plan)
{
    private static readonly string[] Reasons = ["MovedOut", "MovedOut", "ResidentRequest", "NoContact"];
    private readonly double signings = plan.Population.LastYearSigned;

    public IEnumerable<Step> Day(DateOnly day, int number) => [.. Sign(day, number), .. Renew(day), .. Terminate(day, number)];

    private IEnumerable<Step> Sign(DateOnly day, int number)
    {
        foreach (var moment in plan.Days.Spread(DailyShare.Of(signings, number), day, day))
        {
            var resident = plan.Population.SignToday(moment, plan.Panels.Working);
            plan.Panels.Add(resident);
            var (form, name, until) = (EnrolmentRows.Form(plan, resident), $"signing:{resident.Index}", moment.AddDays(7));
            var contract = plan.ContractId(resident, 0);
            yield return new(moment.AddMinutes(-15), until, name, "residents registered", "contracts", "/residents", form);
            yield return new(moment.AddMinutes(-8), until, name, "contracts applied for", "contracts", "/contracts",
                new { id = contract, residentId = form.Id, teamId = resident.Team.Id, termMonths = resident.TermMonths });
            yield return new(moment, until, name, "contracts signed", "contracts", $"/contracts/{contract}/signature",
                new { proofMethod = "app", proofRef = name, guardianRef = EnrolmentRows.Guardian(resident) });
        }
    }

    private IEnumerable<Step> Renew(DateOnly day)
    {
        foreach (var resident in plan.Population.Residents.Where(r => r.LeftOn is null))
        {
            var (end, n) = (Terms.FirstEnd(resident.SignedOn, resident.TermMonths), 0);
            for (; end < day.AddDays(6); n++)
                end = Terms.NextEnd(end, resident.TermMonths);
            if (end > day.AddDays(80))
                continue;
            var at = plan.RenewalOf(resident, end);
            if (plan.Days.DateOf(at) != day || at < plan.End)
                continue;
            // Whose team ends cannot renew before it is known with whom.
            if (plan.Choice.Fraction("renews", ((long)resident.Index << 20) + end.DayNumber) >= plan.City.Assumptions.RenewedShare.Value
                || plan.Panels.IsBetweenTeams(resident))
                resident.LeftOn = end;
            else
                yield return new(at, plan.Days.At(end, 12 * 60), $"renewal:{resident.Index}:{n}", "contracts renewed", "contracts",
                    $"/contracts/{plan.ContractId(resident, n)}/renewal", new { newId = plan.ContractId(resident, n + 1), termMonths = resident.TermMonths });
        }
    }

    private IEnumerable<Step> Terminate(DateOnly day, int number)
    {
        var yearly = plan.Population.Residents.Count(r => r.LeftOn is null) * plan.City.Assumptions.TerminatedShare.Value;
        var moments = plan.Days.Spread(DailyShare.Of(yearly, number), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var resident = plan.Panels.PickNear(plan.Choice.One(plan.Staffing.Teams, "terminating team", salt), day, "terminated", salt, r => !plan.BedCare.Has(r));
            var contract = plan.NewestContract(resident, moments[i]);
            resident.LeftOn = day;
            yield return new(moments[i], moments[i].AddDays(7), $"termination:{resident.Index}", "contracts terminated", "contracts",
                $"/contracts/{contract}/termination", new { reason = plan.Choice.One(Reasons, "terminated because", salt) });
        }
    }
}
