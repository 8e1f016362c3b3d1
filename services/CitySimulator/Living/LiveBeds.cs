using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>What comes of a request.</summary>
public enum BedRequestCourse { Opened, Declined, Cancelled }

/// <summary>Family beds are requested, assessed and opened, or not; some are offered at discharge.</summary>
public sealed class LiveBeds
{
    private const int DaysToOpening = 5;
    private readonly Plan plan;
    private readonly LiveVisits visits;
    private readonly LiveCare care;
    private readonly Lots<BedCourse> courses;
    private readonly Lots<BedRequestCourse> requests;
    private readonly double requestedYearly;

    public LiveBeds(Plan plan, LiveVisits visits)
    {
        var (a, shares) = (plan.City.Assumptions, plan.City.Assumptions.BedCourseShares.Value);
        (this.plan, this.visits, care) = (plan, visits, new(plan, visits));
        courses = new(plan.Choice, "course of bed", shares.Extended, shares.Paused, shares.Died, shares.ContractEnded, shares.PeriodEnded);
        requests = new(plan.Choice, "course of bed request", shares.Declined, shares.Cancelled);
        requestedYearly = plan.YearlyRate("bedsOpened") * (1 - a.OfferShares.Value.OfOpened) / Math.Max(0.1, 1 - shares.Declined - shares.Cancelled);
    }

    /// <summary>The founded beds that were open when the city's clock started.</summary>
    public IEnumerable<Step> UnderWay() => plan.BedCare.Beds.Where(b => b.ClosesAt >= plan.End).SelectMany(b => care.Of(b, plan.City.Today, BedCourse.Usual));

    public IEnumerable<Step> Day(DateOnly day, int number)
    {
        var moments = plan.Days.Spread(DailyShare.Of(requestedYearly, number), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var opened = plan.Days.InHours(plan.Days.Add(day, DaysToOpening), plan.Choice.Fraction("live bed opened", salt));
            var bed = plan.BedCare.Open($"{day:yyyy-MM-dd}:{i}", salt, opened, plan.Choice.One(plan.Staffing.Teams, "live bed team", salt));
            var form = plan.BedCare.FormOf(bed);
            yield return new(bed.RequestedAt, bed.RequestedAt.AddDays(2), $"bed:{bed.Name}", "beds requested", "beds", "/beds",
                new { id = bed.Id, residentId = plan.IdOf(bed.Resident), origin = form.Origin, type = form.Type, conditionCodes = new[] { form.Condition } });
            foreach (var step in requests.Next() switch
            {
                BedRequestCourse.Cancelled => [At(bed, bed.AssessedAt, "bed requests cancelled", "cancellation", new { reason = "movesToFamily" })],
                BedRequestCourse.Declined => [.. Assess(bed, isSuitable: false), At(bed, bed.ApprovedAt, "beds declined", "decline", new { reason = "homeUnsuitable", alternative = "outpatient" })],
                _ => Open(bed),
            })
                yield return step;
        }
        foreach (var step in visits.CallAtHomes(day, number))
            yield return step;
    }

    /// <summary>A bed offered at discharge is accepted, and care goes on as in every bed.</summary>
    public IEnumerable<Step> AfterDischarge(DownReferralCase c, Guid downReferralId, Func<Services, CancellationToken, Task<string?>> offer)
    {
        var (at, name, day) = (c.ContactAt.AddHours(1), $"discharge:{c.Name}", plan.Days.DateOf(c.ContactAt));
        DateTimeOffset Later(int workingDays) => plan.Days.InHours(plan.Days.Add(day, workingDays), 0.3);
        var bed = plan.BedCare.Taken(new(name, c.Up.Salt, plan.Choice.Id("bed", name), c.Up.Resident, at, Later(1), Later(2), Later(3), Later(25)));
        var form = plan.BedCare.FormOf(bed);
        yield return new(at, at.AddDays(1), $"bed:{name}", "bed offers accepted", "beds", $"/bed-offers of {downReferralId}",
            new { id = bed.Id, type = form.Type, conditionCodes = new[] { form.Condition } })
        { FindPath = offer };
        foreach (var step in Open(bed))
            yield return step;
    }

    private IEnumerable<Step> Open(Bed bed)
    {
        var (form, course) = (plan.BedCare.FormOf(bed), courses.Next());
        (bed, course) = care.Planned(bed, course);
        if (course is BedCourse.Died or BedCourse.ContractEnded)
            bed.Resident.LeftOn = plan.Days.DateOf(bed.ClosesAt);
        return
        [
            .. Assess(bed, isSuitable: true),
            At(bed, bed.ApprovedAt, "beds approved", "approval", new { gpId = bed.Resident.Team.Leader.Id, nurseId = bed.Resident.Team.Nurse.Id }),
            At(bed, bed.OpenedAt, "beds opened", "opening",
                new { consentRef = $"consent:{bed.Salt}", doctorEveryDays = form.DoctorEveryDays, nurseEveryDays = form.NurseEveryDays, goals = new[] { "mobility" } }),
            .. care.Of(bed, plan.Days.DateOf(bed.OpenedAt), course),
        ];
    }

    private IEnumerable<Step> Assess(Bed bed, bool isSuitable)
    {
        var form = plan.BedCare.FormOf(bed);
        yield return At(bed, bed.RequestedAt.AddMinutes(30), "assessments scheduled", "assessment-appointment", new { at = bed.AssessedAt, by = bed.Resident.Team.Nurse.Id });
        yield return At(bed, bed.AssessedAt, "beds assessed", "assessment", new
        {
            barthel = form.Barthel,
            braden = form.Braden,
            fallsRisk = "medium",
            homeSuitable = isSuitable,
            caregiver = true,
            recommendation = isSuitable ? "familyBed" : "outpatient",
            reachMinutes = 10 + plan.Choice.Below(30, "reach", bed.Salt),
        });
    }

    private static Step At(Bed bed, DateTimeOffset at, string what, string step, object? body = null) =>
        new(at, at.AddDays(3), $"bed:{bed.Name}", what, "beds", $"/beds/{bed.Id}/{step}", body);
}
