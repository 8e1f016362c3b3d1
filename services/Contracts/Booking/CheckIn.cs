using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>The resident is there.</summary>
public static class CheckIn
{
    public static IEnumerable<DomainEvent> Decide(Appointment? appointment) =>
        Appointment.MayGo(appointment, AppointmentStatus.CheckedIn, AppointmentStatus.Booked)
            ? [new ResidentCheckedIn(appointment!.Booking.AppointmentId)]
            : [];

    public static void MapCheckIn(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/check-in", Handle).WithName(nameof(CheckIn)).WithSummary("Check a resident in").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid appointmentId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Appointment>(appointmentId, http.Envelope(), (appointment, _) => Decide(appointment), ct));
}
