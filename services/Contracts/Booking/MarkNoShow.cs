using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>The resident did not come.</summary>
public static class MarkNoShow
{
    public static IEnumerable<DomainEvent> Decide(Appointment? appointment, Moment at)
    {
        if (!Appointment.MayGo(appointment, AppointmentStatus.NoShow, AppointmentStatus.Booked))
            return [];
        return appointment!.Booking.Start <= at.Now
            ? [new AppointmentNoShow(appointment.Booking.AppointmentId)]
            : throw new RuleBroken("APPOINTMENT_NOT_DUE", "The appointment has not begun.", new { appointment.Booking.Start });
    }

    public static void MapMarkNoShow(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/no-show", Handle).WithName(nameof(MarkNoShow)).WithSummary("Mark a no-show").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid appointmentId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Appointment>(appointmentId, http.Envelope(), Decide, ct));
}
