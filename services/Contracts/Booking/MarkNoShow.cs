using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>The resident did not come; after several times in some months he cannot book for a while, unless he belongs to a priority group.</summary>
public static class MarkNoShow
{
    /// <param name="enrolment">Null for an absence of the past, which is not counted.</param>
    public static (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> Enrolment) Decide(Appointment? appointment, Enrolment? enrolment, Moment at)
    {
        if (!Appointment.MayGo(appointment, AppointmentStatus.NoShow, AppointmentStatus.Booked))
            return ([], []);
        var booking = appointment!.Booking;
        if (booking.Start > at.Now)
            throw new RuleBroken("APPOINTMENT_NOT_DUE", "The appointment has not begun.", new { booking.Start });
        return ([new AppointmentNoShow(booking.AppointmentId)],
            enrolment is { IsHere: true, Groups.Count: 0 } resident ? Counted(resident, booking, at) : []);
    }

    private static IEnumerable<DomainEvent> Counted(Enrolment resident, AppointmentBooked booking, Moment at)
    {
        var lately = resident.NoShows.Count(day => day > booking.Start.AddDays(-at.Policy.NoShowWindowDays)) + 1;
        var counted = new NoShowCounted(booking.AppointmentId, booking.Start);
        return lately >= at.Policy.NoShowsForRestriction
            ? [counted, new BookingRestricted(at.Now.AddDays(at.Policy.NoShowRestrictionDays))]
            : [counted];
    }

    public static void MapMarkNoShow(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/no-show", Handle).WithName(nameof(MarkNoShow)).WithSummary("Mark a no-show").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid appointmentId, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Appointment>(appointmentId, ct);
        return new(await runner.Execute<Appointment, Enrolment>(appointmentId, known?.Booking.ResidentId ?? throw new UnknownId(), http.Envelope(), Decide, ct));
    }
}
