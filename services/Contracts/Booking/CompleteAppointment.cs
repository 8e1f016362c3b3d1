using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>The consultation is over; what came of it is recorded as a code.</summary>
public sealed record CompleteAppointment([Required] AppointmentOutcome? Outcome)
{
    public IEnumerable<DomainEvent> Decide(Appointment? appointment) =>
        Appointment.MayGo(appointment, AppointmentStatus.Fulfilled, AppointmentStatus.CheckedIn)
            ? [new AppointmentFulfilled(appointment!.Booking.AppointmentId, Outcome!.Value)]
            : [];
}

public static class CompleteAppointmentEndpoint
{
    public static void MapCompleteAppointment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/completion", Handle).WithName(nameof(CompleteAppointment))
        .WithSummary("Record what came of an appointment").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid appointmentId, CompleteAppointment command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Appointment>(appointmentId, http.Envelope(), (appointment, _) => command.Decide(appointment), ct));
}
