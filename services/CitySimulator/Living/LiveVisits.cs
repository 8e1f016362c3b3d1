using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>How a home visit goes.</summary>
public enum VisitCourse { Usual, Missed, NotAtHome, Refused, Offline, Review, Urgent }

/// <summary>Visits at home, to family beds and to others: made, missed, refused, told by a device in the evening; and what was found there.</summary>
public sealed class LiveVisits
{
    private const int EveningMinute = 18 * 60;
    private static readonly string[] Causes = ["practitionerUnavailable", "traffic", "weather"];
    private readonly Plan plan;
    private readonly Diary diary;
    private readonly Lots<VisitCourse> courses;
    private readonly double callsYearly;
    private readonly List<(DateOnly Day, Guid Who, object Visit)> told = [];

    public LiveVisits(Plan plan)
    {
        var (a, shares) = (plan.City.Assumptions, plan.City.Assumptions.VisitShares.Value);
        (this.plan, diary) = (plan, new(plan.Days));
        courses = new(plan.Choice, "course of visit", a.MissedVisitShare.Value, shares.NotAtHome, shares.Refused, shares.Offline, shares.Review, shares.Urgent);
        // The published visits took place; these are planned besides.
        PlannedPerMade = 1 / Math.Max(0.1, 1 - a.MissedVisitShare.Value - shares.NotAtHome - shares.Refused);
        callsYearly = plan.YearlyRate("homeVisits") * (1 - a.BedVisitsShare.Value) * PlannedPerMade;
    }

    public double PlannedPerMade { get; }

    public IEnumerable<Step> CallAtHomes(DateOnly day, int number)
    {
        var (tomorrow, count) = (plan.Days.Add(day, 1), DailyShare.Of(callsYearly, number, 0.25));
        for (var i = 0; i < count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var resident = plan.Panels.PickNear(plan.Choice.One(plan.Staffing.Teams, "calling team", salt), day, "live house call", salt,
                r => r.AgeOn(day) >= 65 && !plan.BedCare.Has(r));
            foreach (var step in Visit($"call:{day:yyyy-MM-dd}:{i}", resident, tomorrow, null))
                yield return step;
        }
        foreach (var step in TellOffline(tomorrow))
            yield return step;
    }

    /// <param name="isLast">Told by a device, it may be told after its bed was closed.</param>
    public IEnumerable<Step> Visit(string name, Resident resident, DateOnly day, Bed? bed, bool isLast = false)
    {
        var course = courses.Next();
        var (who, role, from) = diary.Find(resident.Team, plan.Choice.Of(name, 0) % 3 == 0, day, day.AddDays(14));
        var (id, to, on) = (plan.Choice.Id("live visit", name), from.AddMinutes(Diary.VisitMinutes), plan.Days.DateOf(from));
        Step At(DateTimeOffset at, string what, string step, object? body = null) =>
            new(at, to.AddHours(8), $"visit:{name}", what, "beds", $"/visits/{id}/{step}", body);
        var planned = plan.Days.InHours(plan.Days.Back(on, 1), 0.95);
        if (bed is not null && planned <= bed.OpenedAt)
            planned = bed.OpenedAt.AddMinutes(20);
        yield return new(planned, from, $"visit:{name}", "visits planned", "beds", "/visits",
            new { id, bedId = bed?.Id, residentId = bed is null ? plan.IdOf(resident) : (Guid?)null, practitionerId = who.Id, role, from, to });
        if (course is VisitCourse.Missed)
        {
            yield return At(to, "visits missed", "missed", new { cause = plan.Choice.One(Causes, name, 2) });
            yield break;
        }
        if (course is VisitCourse.Offline)
        {
            var visit = new { visitId = id, bedId = bed?.Id, practitionerId = who.Id, role, from, to, deviceTime = to, vitals = Usual(name), actionCodes = new[] { "check" } };
            if (isLast && bed is not null)
                yield return Told($"visit:{name}", bed.ClosesAt.AddHours(1), [visit]);
            else if (bed is not null || on != day)
                yield return Told($"visit:{name}", plan.Days.At(on, EveningMinute), [visit]);
            else
                told.Add((on, who.Id, visit));
            yield break;
        }
        yield return At(from.AddMinutes(-15), "visits set out for", "departure");
        if (course is VisitCourse.NotAtHome)
        {
            yield return At(from.AddMinutes(5), "visits with nobody at home", "not-at-home");
            yield break;
        }
        yield return At(from, "visits begun", "start", new { locationCheck = "atHome" });
        if (course is VisitCourse.Refused)
        {
            yield return At(from.AddMinutes(5), "visits refused", "refusal", new { reason = "feelsWell" });
            yield break;
        }
        // Palliative beds have warning scores of their own.
        var isAlarming = course is VisitCourse.Review or VisitCourse.Urgent && (bed is null || plan.BedCare.FormOf(bed).Type != "Palliative");
        if (isAlarming)
        {
            yield return At(from.AddMinutes(10), course is VisitCourse.Urgent ? "urgent deteriorations" : "deteriorations", "observations",
                new { observations = course is VisitCourse.Urgent ? Urgent : Review });
            if (course is VisitCourse.Review)
                yield return At(from.AddMinutes(20), "deteriorations acted on", "escalation", new { route = "gpReview" });
        }
        yield return At(to, "visits completed", "completion",
            new { vitals = isAlarming ? [] : Usual(name), actionCodes = new[] { "check" }, medsReviewed = role == "doctor" });
        foreach (var step in isAlarming && course is VisitCourse.Urgent ? StepUp(name, id, from) : [])
            yield return step;
    }

    /// <summary>Whoever is urgently worse is referred by the services themselves; the hospital sees him the same day, and his doctor reads what came of it.</summary>
    private IEnumerable<Step> StepUp(string name, Guid visit, DateTimeOffset found)
    {
        var referral = Ids.Of(visit, "WhenDeteriorationDetected");
        Step At(DateTimeOffset at, string what, string step, object? body = null) =>
            new(at, at.AddHours(12), $"step-up:{name}", what, "referrals", $"/referrals/{referral}/{step}", body);
        yield return At(found.AddMinutes(25), "step-ups confirmed", "acceptance") with
        {
            // None of his own when he is on his way already because of another visit.
            FindPath = async (services, ct) => await services.Find<object>("referrals", $"/referrals/{referral}", ct) is null ? null : $"/referrals/{referral}/acceptance",
        };
        yield return At(found.AddMinutes(70), "step-up arrivals", "arrival", new { admitted = false });
        yield return At(found.AddHours(4), "step-up outcomes", "outcome", new { disposition = "Treated" });
        yield return At(plan.Days.InHours(plan.Days.Add(plan.Days.DateOf(found), 1), 0.3), "step-ups acknowledged", "acknowledgement");
    }

    /// <summary>The day's house calls of each practitioner whose device was without a network, in one batch.</summary>
    private IEnumerable<Step> TellOffline(DateOnly day)
    {
        foreach (var batch in told.Where(t => t.Day == day).GroupBy(t => t.Who))
            yield return Told($"offline:{batch.Key:N}:{day:yyyy-MM-dd}", plan.Days.At(day, EveningMinute), [.. batch.Select(t => t.Visit)]);
        told.RemoveAll(t => t.Day <= day);
    }

    private static Step Told(string name, DateTimeOffset at, object[] visits) =>
        new(at, at.AddDays(7), name, "batches of offline visits", "beds", "/offline-visits", new { visits });

    private object[] Usual(string name) => [Vital("8867-4", 60 + plan.Choice.Below(30, name, 1), "/min"), Vital("9279-1", 16, "/min")];

    private static object[] Review => [Vital("9279-1", 22, "/min"), Vital("8310-5", 38.5, "Cel"), Vital("8867-4", 104, "/min"), Vital("59408-5", 95, "%")];

    private static object[] Urgent => [Vital("9279-1", 26, "/min"), Vital("8867-4", 118, "/min"), Vital("59408-5", 92, "%")];

    private static object Vital(string code, double value, string unit) => new { code, value, unit };
}
