using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Family beds are requested, assessed, opened, visited and closed; others get house calls.</summary>
public sealed class LiveBeds(Plan plan)
{
    private const int DaysToOpening = 5;
    private readonly Diary diary = new(plan.Days);
    private readonly double bedsYearly = plan.YearlyRate("bedsOpened"), visitsYearly = plan.YearlyRate("homeVisits");

    private double CallsYearly => visitsYearly * (1 - plan.City.Assumptions.BedVisitsShare.Value);

    private double VisitsPerBed => visitsYearly > 0 && bedsYearly > 0
        ? visitsYearly * plan.City.Assumptions.BedVisitsShare.Value / bedsYearly
        : plan.City.Assumptions.VisitsPerBed.Value;

    /// <summary>The founded beds that were open when the city's clock started.</summary>
    public IEnumerable<Step> UnderWay() => plan.BedCare.Beds.Where(b => b.ClosesAt >= plan.End).SelectMany(b => Care(b, plan.City.Today));

    public IEnumerable<Step> Day(DateOnly day, int number)
    {
        var moments = plan.Days.Spread(DailyShare.Of(bedsYearly, number), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var opened = plan.Days.InHours(plan.Days.Add(day, DaysToOpening), plan.Choice.Fraction("live bed opened", salt));
            var bed = plan.BedCare.Open($"{day:yyyy-MM-dd}:{i}", salt, opened, plan.Choice.One(plan.Staffing.Teams, "live bed team", salt));
            var form = plan.BedCare.FormOf(bed);
            yield return new(bed.RequestedAt, bed.RequestedAt.AddDays(2), $"bed:{bed.Name}", "beds requested", "beds", "/beds",
                new { id = bed.Id, residentId = plan.IdOf(bed.Resident), origin = form.Origin, type = form.Type, conditionCodes = new[] { form.Condition } });
            foreach (var step in Prepare(bed).Concat(Care(bed, plan.Days.DateOf(opened))))
                yield return step;
        }
        foreach (var step in CallAtHomes(day, number))
            yield return step;
    }

    /// <summary>A bed offered at discharge is accepted, and care goes on as in every bed.</summary>
    public IEnumerable<Step> AfterDischarge(DownReferralCase c, Guid downReferralId, Func<Services, CancellationToken, Task<string?>> offer)
    {
        var (at, name, day) = (c.ContactAt.AddHours(1), $"discharge:{c.Name}", plan.Days.DateOf(c.ContactAt));
        DateTimeOffset Later(int workingDays) => plan.Days.InHours(plan.Days.Add(day, workingDays), 0.3);
        var bed = new Bed(name, c.Up.Salt, plan.Choice.Id("bed", name), c.Up.Resident, at, Later(1), Later(2), Later(3), Later(25));
        var form = plan.BedCare.FormOf(bed);
        yield return new(at, at.AddDays(1), $"bed:{name}", "bed offers accepted", "beds", $"/bed-offers of {downReferralId}",
            new { id = bed.Id, type = form.Type, conditionCodes = new[] { form.Condition } })
        { FindPath = offer };
        foreach (var step in Prepare(bed).Concat(Care(bed, plan.Days.DateOf(bed.OpenedAt))))
            yield return step;
    }

    private IEnumerable<Step> Prepare(Bed bed)
    {
        var form = plan.BedCare.FormOf(bed);
        Step At(DateTimeOffset at, string what, string step, object body) => new(at, at.AddDays(3), $"bed:{bed.Name}", what, "beds", $"/beds/{bed.Id}/{step}", body);
        yield return At(bed.AssessedAt, "beds assessed", "assessment", new
        {
            barthel = form.Barthel,
            braden = form.Braden,
            fallsRisk = "medium",
            homeSuitable = true,
            caregiver = true,
            recommendation = "familyBed",
        });
        yield return At(bed.ApprovedAt, "beds approved", "approval", new { gpId = bed.Resident.Team.Leader.Id, nurseId = bed.Resident.Team.Nurse.Id });
        yield return At(bed.OpenedAt, "beds opened", "opening",
            new { consentRef = $"consent:{bed.Salt}", doctorEveryDays = form.DoctorEveryDays, nurseEveryDays = form.NurseEveryDays });
    }

    private IEnumerable<Step> Care(Bed bed, DateOnly from)
    {
        var days = plan.Days.Working(from.AddDays(1), plan.Days.DateOf(bed.ClosesAt).AddDays(-1));
        var number = Math.Min(days.Count, (int)Math.Ceiling(VisitsPerBed * days.Count / 30));
        for (var n = 0; n < number; n++)
        {
            foreach (var step in Visit($"{bed.Name}:{from:yyyy-MM-dd}:{n}", bed.Resident, days[n * days.Count / number], bed, missed: false))
                yield return step;
        }
        yield return new(bed.ClosesAt, bed.ClosesAt.AddDays(5), $"bed:{bed.Name}", "beds closed", "beds", $"/beds/{bed.Id}/closure",
            new { reason = plan.BedCare.FormOf(bed).CloseReason });
    }

    private IEnumerable<Step> CallAtHomes(DateOnly day, int number)
    {
        var missedEvery = plan.City.Assumptions.MissedVisitShare.Value is > 0 and var share ? (int)Math.Round(1 / share) : int.MaxValue;
        var (tomorrow, count) = (plan.Days.Add(day, 1), DailyShare.Of(CallsYearly, number, 0.25));
        for (var i = 0; i < count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var resident = plan.Panels.PickNear(plan.Choice.One(plan.Staffing.Teams, "calling team", salt), day, "live house call", salt,
                r => r.AgeOn(day) >= 65 && !plan.BedCare.Has(r));
            foreach (var step in Visit($"call:{day:yyyy-MM-dd}:{i}", resident, tomorrow, null, plan.Choice.Below(missedEvery, "live missed", salt) == 0))
                yield return step;
        }
    }

    private IEnumerable<Step> Visit(string name, Resident resident, DateOnly day, Bed? bed, bool missed)
    {
        var (who, role, from) = diary.Find(resident.Team, plan.Choice.Of(name, 0) % 3 == 0, day, day.AddDays(14));
        var (id, to, case_) = (plan.Choice.Id("live visit", name), from.AddMinutes(Diary.VisitMinutes), $"visit:{name}");
        var planned = plan.Days.InHours(plan.Days.Back(plan.Days.DateOf(from), 1), 0.95);
        if (bed is not null && planned <= bed.OpenedAt)
            planned = bed.OpenedAt.AddMinutes(20);
        yield return new(planned, from, case_, "visits planned", "beds", "/visits",
            new { id, bedId = bed?.Id, residentId = bed is null ? plan.IdOf(resident) : (Guid?)null, practitionerId = who.Id, role, from, to });
        yield return missed
            ? new(to, to.AddHours(8), case_, "visits missed", "beds", $"/visits/{id}/missed", new { cause = "notAtHome" })
            : new(to, to.AddHours(8), case_, "visits completed", "beds", $"/visits/{id}/completion",
                new { vitals = new[] { new { code = "8867-4", value = 60 + plan.Choice.Below(30, name, 1), unit = "/min" } }, actionCodes = new[] { "check" } });
    }
}
