using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>How care in a family bed goes on and ends.</summary>
public enum BedCourse { Usual, Extended, Paused, Died, ContractEnded, PeriodEnded }

/// <summary>Care in a family bed: its visits, a hospital stay in between, another period, and every way in which it ends.</summary>
public sealed class LiveCare
{
    private const int PeriodDays = 60, BridgeDays = 7;
    private static readonly string[] AlsoBecause = ["Moved", "Unsafe"];
    private readonly Plan plan;
    private readonly LiveVisits visits;
    private readonly double visitsPerBed, revised;

    public LiveCare(Plan plan, LiveVisits visits)
    {
        var (a, opened, yearly) = (plan.City.Assumptions, plan.YearlyRate("bedsOpened"), plan.YearlyRate("homeVisits"));
        (this.plan, this.visits, revised) = (plan, visits, a.BedCourseShares.Value.Revised);
        visitsPerBed = (yearly > 0 && opened > 0 ? yearly * a.BedVisitsShare.Value / opened : a.VisitsPerBed.Value) * visits.PlannedPerMade;
    }

    /// <summary>The bed with the end that its course has; a palliative bed never ends with its period, and a renewed contract does not end.</summary>
    public (Bed Bed, BedCourse Course) Planned(Bed bed, BedCourse course)
    {
        var isRenewedMeanwhile = plan.NewestContract(bed.Resident, bed.RequestedAt) != plan.NewestContract(bed.Resident, bed.ClosesAt);
        if ((course is BedCourse.PeriodEnded && plan.BedCare.FormOf(bed).Type is "Palliative") || (course is BedCourse.ContractEnded && isRenewedMeanwhile))
            course = BedCourse.Usual;
        return (course switch
        {
            BedCourse.Extended => bed with { ClosesAt = plan.Days.InHours(plan.Days.OnOrAfter(plan.Days.DateOf(bed.ClosesAt).AddDays(PeriodDays)), 0.7) },
            BedCourse.PeriodEnded => bed with { ClosesAt = plan.Days.At(plan.Days.DateOf(bed.OpenedAt).AddDays(PeriodDays + 1), 0) },
            _ => bed,
        }, course);
    }

    /// <param name="from">Its first day, or that of the city's clock.</param>
    public IEnumerable<Step> Of(Bed bed, DateOnly from, BedCourse course)
    {
        var (form, until) = (plan.BedCare.FormOf(bed), plan.Days.DateOf(bed.ClosesAt));
        var days = plan.Days.Working(from.AddDays(1), until.AddDays(-1));
        var (resting, back) = (days.Count / 3, (days.Count / 3) + 5); // in hospital for a week
        var isPaused = course is BedCourse.Paused && back < days.Count - 1;
        var number = Math.Min(days.Count, (int)Math.Ceiling(visitsPerBed * days.Count / 30));
        for (var n = 0; n < number; n++)
        {
            var on = n * days.Count / number;
            foreach (var step in isPaused && on >= resting && on <= back ? [] : visits.Visit($"{bed.Name}:{from:yyyy-MM-dd}:{n}", bed.Resident, days[on], bed, n == number - 1))
                yield return step;
        }
        if (course is BedCourse.Usual && days.Count > 2 && plan.Choice.Fraction("plan revised", bed.Salt) < revised)
            yield return At(bed, plan.Days.InHours(days[days.Count / 2], 0.6), "care plans revised", "care-plan", new { doctorEveryDays = 7, nurseEveryDays = 3, goals = new[] { "woundHealing" } });
        if (isPaused)
        {
            yield return At(bed, plan.Days.InHours(days[resting], 0.5), "beds paused", "pause");
            yield return At(bed, plan.Days.InHours(days[back], 0.5), "beds resumed", "resumption");
        }
        if (course is BedCourse.Extended)
        {
            var asked = plan.Days.DateOf(bed.OpenedAt).AddDays(PeriodDays - 5);
            yield return At(bed, plan.Days.At(asked, 9 * 60), "extensions asked for", "extension-request");
            yield return At(bed, plan.Days.At(asked.AddDays(2), 9 * 60), "extensions approved", "extension", new { barthel = form.Barthel, braden = form.Braden });
        }
        foreach (var step in End(bed, course, form))
            yield return step;
    }

    /// <summary>Somebody closes the bed, or something does.</summary>
    private IEnumerable<Step> End(Bed bed, BedCourse course, BedForm form) => course switch
    {
        BedCourse.Died => [new(bed.ClosesAt, bed.ClosesAt.AddDays(5), $"bed:{bed.Name}", "deaths in a family bed", "contracts", $"/residents/{plan.IdOf(bed.Resident)}/death")
        {
            BodyAt = now => new { on = plan.Days.DateOf(now), source = "family" },
        }],
        BedCourse.ContractEnded => [new(bed.ClosesAt.AddDays(-BridgeDays), bed.ClosesAt, $"bed:{bed.Name}", "contracts ended with a bed", "contracts",
            $"/contracts/{plan.NewestContract(bed.Resident, bed.ClosesAt.AddDays(-BridgeDays))}/termination", new { reason = "MovedOut" })],
        BedCourse.PeriodEnded => [], // the clock does
        _ => [At(bed, bed.ClosesAt, "beds closed", "closure",
            new { reason = plan.Choice.Below(10, "also because", bed.Salt) == 0 ? plan.Choice.One(AlsoBecause, "closed also because", bed.Salt) : form.CloseReason })],
    };

    private static Step At(Bed bed, DateTimeOffset at, string what, string step, object? body = null) =>
        new(at, at.AddDays(3), $"bed:{bed.Name}", what, "beds", $"/beds/{bed.Id}/{step}", body);
}
