using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>The half-days that teams offered in the published period, and the appointments in them.</summary>
public sealed class Booking
{
    public const int SlotMinutes = 15;
    private const int UsualSlots = 12, MostSlots = 14, PublishedDaysAhead = 14, EarliestDaysAhead = 9;
    private static readonly string[] Types = ["clinic", "clinic", "clinic", "clinic", "clinic", "clinic", "clinic", "clinic", "phone", "video"];
    private static readonly string[] Outcomes = ["Advice", "Prescription", "Prescription", "FollowUp", "Referral"];

    private readonly List<SessionRow> sessions = [];
    private readonly List<(Team Team, AppointmentRow Row)> appointments = [];
    private readonly Plan plan;

    public Booking(Plan plan)
    {
        this.plan = plan;
        if (plan.PeriodOf("appointments") is not { } period)
            return;
        var middle = period.From.AddDays((period.To.DayNumber - period.From.DayNumber) / 2);
        var weights = plan.Staffing.Teams.Select(t => (double)plan.Panels.CountOn(t, middle)).ToList();
        var noShows = 0;
        foreach (var (count, t) in Apportioning.Apportion(plan.Count("appointments"), weights).Select((count, t) => (count, t)))
            Offer(plan.Staffing.Teams[t], count, period, ref noShows);
        sessions.Sort((a, b) => a.Start.CompareTo(b.Start));
        appointments.Sort((a, b) => (a.Row.OccurredAt, a.Row.AppointmentId).CompareTo((b.Row.OccurredAt, b.Row.AppointmentId)));
    }

    public IReadOnlyList<SessionRow> Sessions => sessions;
    public IReadOnlyList<(Team Team, AppointmentRow Row)> Appointments => appointments;

    private void Offer(Team team, int count, (DateOnly From, DateOnly To) period, ref int noShows)
    {
        if (count == 0)
            return;
        var halfDays = plan.Days.Working(period.From, period.To).SelectMany(day => HalfDays(day)).ToList();
        var booked = plan.City.Assumptions.BookedSlotShare.Value;
        var number = (int)Math.Ceiling(count / (booked * UsualSlots));
        foreach (var (here, s) in Apportioning.Apportion(count, [.. Enumerable.Repeat(1.0, number)]).Select((here, s) => (here, s)))
        {
            var (day, minute) = halfDays[(int)((s + 0.5) * halfDays.Count / number)];
            var slots = Math.Max(here, Math.Min(MostSlots, (int)Math.Ceiling(here / booked)));
            var salt = ((long)team.Index << 32) + s;
            var session = new SessionRow($"session:{team.Index}:{s}", plan.Days.At(day.AddDays(-PublishedDaysAhead), minute), plan.Choice.Id("session", $"{team.Index}:{s}"),
                team.Id, plan.Days.At(day, minute), SlotMinutes, slots, plan.Choice.One(Types, "session type", salt));
            sessions.Add(session);
            for (var a = 0; a < here; a++)
                appointments.Add((team, Book(team, session, day, a * slots / here, period.From, (salt << 6) + a, ref noShows)));
        }
    }

    private static (DateOnly Day, int Minute)[] HalfDays(DateOnly day) => [(day, 8 * 60), (day, (13 * 60) + 30)];

    private AppointmentRow Book(Team team, SessionRow session, DateOnly day, int slot, DateOnly from, long salt, ref int noShows)
    {
        var id = $"{team.Index}:{salt & 0x3FFFFFFFFF}";
        var start = session.Start.AddMinutes(slot * SlotMinutes);
        var on = day.AddDays(-plan.Choice.Below(EarliestDaysAhead + 1, "booked ahead", salt));
        var at = on <= from ? start.AddMinutes(-20) : plan.Days.InHours(on, plan.Choice.Fraction("booked at", salt));
        if (at >= start)
            at = start.AddMinutes(-20);
        var resident = plan.Panels.Pick(team, plan.Days.DateOf(at), "patient", salt)
            ?? throw new InvalidOperationException($"Team {team.Index} has nobody to see on {day:O}.");
        var comes = !Misses(ref noShows);
        return new($"appointment:{id}", at, plan.Choice.Id("appointment", id), session.SessionId, plan.IdOf(resident), slot,
            comes ? start.AddMinutes(-5) : null, comes ? start.AddMinutes(SlotMinutes) : null,
            comes ? plan.Choice.One(Outcomes, "outcome", salt) : null, comes ? null : start.AddMinutes(SlotMinutes));
    }

    // Every so many bookings one is missed: the assumed share exactly, never drawn.
    private bool Misses(ref int noShows)
    {
        var due = Apportioning.ShareOf(appointments.Count + 1, plan.City.Assumptions.NoShowShare.Value);
        return noShows < due && ++noShows > 0;
    }
}
