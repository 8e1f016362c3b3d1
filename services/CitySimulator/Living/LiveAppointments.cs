using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Each team offers a half-day a working day; residents book, come, or do not.</summary>
public sealed class LiveAppointments(Plan plan)
{
    private const int DaysAhead = 7;
    private static readonly string[] Outcomes = ["Advice", "Prescription", "Prescription", "FollowUp"]; // whoever is referred is so by LiveReferrals
    private static readonly string[] Chronic = ["hypertension", "diabetesT2", "copd", "severeMentalDisorder"];
    private static readonly int[] Weeks = [4, 8, 8];
    private readonly double yearly = plan.YearlyRate("appointments");
    private readonly List<double> shares = [.. plan.Staffing.Teams.Select(t => (double)plan.Panels.CountOn(t, plan.City.Today))];

    /// <param name="number">Working days since the city's clock started; the first one opens the whole week.</param>
    public IEnumerable<Step> Day(DateOnly day, int number) => number == 0
        ? Enumerable.Range(0, DaysAhead + 1).SelectMany(ahead => Offer(day, plan.Days.Add(day, ahead), ahead))
        : Offer(day, plan.Days.Add(day, DaysAhead), number + DaysAhead);

    private IEnumerable<Step> Offer(DateOnly today, DateOnly day, int number)
    {
        var all = shares.Sum();
        foreach (var team in plan.Panels.Working)
        {
            var count = all == 0 ? 0 : DailyShare.Of(yearly * shares[team.Index] / all, number, plan.Choice.Fraction("phase", team.Index));
            if (count == 0)
                continue;
            var start = plan.Days.At(day, (number + team.Index) % 2 == 0 ? 8 * 60 : (13 * 60) + 30);
            var published = plan.Days.At(today, 8 * 60).AddMinutes(5);
            if (start < published.AddHours(2))
                continue; // too late to book for it
            var slots = Math.Min(14, (int)Math.Ceiling(count / plan.City.Assumptions.BookedSlotShare.Value));
            var name = $"{team.Index}:{day:yyyy-MM-dd}";
            var session = plan.Choice.Id("live session", name);
            yield return new(published, start.AddMinutes(-30), $"session:{name}", "sessions published", "contracts", "/sessions",
                new { id = session, teamId = team.Id, start, slotMinutes = Booking.SlotMinutes, slots, type = "clinic" })
            { IsForOthers = true };
            for (var n = 0; n < Math.Min(count, slots); n++)
            {
                foreach (var step in Attend(team, $"{name}:{n}", session, published, start.AddMinutes(n * slots / count * Booking.SlotMinutes), n * slots / count, day))
                    yield return step;
            }
        }
    }

    private IEnumerable<Step> Attend(Team team, string name, Guid session, DateTimeOffset published, DateTimeOffset start, int slot, DateOnly day)
    {
        var salt = ((long)day.DayNumber << 32) + (team.Index << 8) + slot;
        var ahead = plan.Days.InHours(plan.Days.Back(day, plan.Choice.Below(DaysAhead, "live booked ahead", salt)), plan.Choice.Fraction("live booked at", salt));
        var booked = ahead >= start ? start.AddMinutes(-60) : ahead;
        booked = booked < published.AddMinutes(10) ? published.AddMinutes(10) : booked;
        var resident = plan.Panels.Pick(team, plan.Days.DateOf(booked), "live patient", salt);
        if (resident is null || booked >= start)
            yield break;
        var (id, until, case_) = (plan.Choice.Id("live appointment", name), plan.Days.At(day, 18 * 60), $"appointment:{name}");
        yield return new(booked, start.AddMinutes(-10), case_, "appointments booked", "contracts", "/appointments",
            new { id, sessionId = session, residentId = plan.IdOf(resident), slot });
        if (plan.Choice.Fraction("live no-show", salt) < plan.City.Assumptions.NoShowShare.Value)
        {
            yield return new(start.AddMinutes(20), until, case_, "appointments missed", "contracts", $"/appointments/{id}/no-show");
            yield break;
        }
        yield return new(start.AddMinutes(-5), until, case_, "check-ins", "contracts", $"/appointments/{id}/check-in");
        var (done, outcome) = (start.AddMinutes(Booking.SlotMinutes), plan.Choice.One(Outcomes, "live outcome", salt));
        yield return new(done, until, case_, "appointments completed", "contracts", $"/appointments/{id}/completion", new { outcome });
        if (outcome == "Prescription" && resident.Groups.Find(Chronic.Contains) is { } condition)
            yield return new(done, until, case_, "long prescriptions", "contracts", $"/contracts/{plan.NewestContract(resident, done)}/long-prescriptions",
                new { weeks = plan.Choice.One(Weeks, "live weeks", salt), conditionCode = condition });
    }
}
