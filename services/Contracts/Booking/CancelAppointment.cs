using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>An appointment is given up; its slot is offered to who waits, or free again.</summary>
public sealed record CancelAppointment([Required, MaxLength(100)] string? Reason)
{
    public (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> Session) Decide(Appointment? appointment, ClinicSession? session, Actor by, Moment at)
    {
        if (!Appointment.MayGo(appointment, AppointmentStatus.Cancelled, AppointmentStatus.Booked))
            return ([], []);
        var booking = appointment!.Booking;
        return (
            [new AppointmentCancelled(booking.AppointmentId, by.Role, Reason!, (int)(booking.Start - at.Now).TotalHours)],
            ClinicSession.Freed(session, booking.Slot, booking.AppointmentId, at));
    }
}

public static class CancelAppointmentEndpoint
{
    public static void MapCancelAppointment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/cancellation", Handle).WithName(nameof(CancelAppointment))
        .WithSummary("Cancel an appointment").For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        Guid appointmentId, CancelAppointment command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (appointment, _) = await store.Load<Appointment>(appointmentId, ct);
        var envelope = http.Envelope();
        return new(await runner.Execute<Appointment, ClinicSession>(appointmentId, appointment?.Booking.SessionId ?? throw new UnknownId(), envelope,
            (current, session, at) => command.Decide(current?.Booking.SessionId is { } now && now != appointment.Booking.SessionId ? throw new Busy() : current,
                session, envelope.Actor, at), ct));
    }
}
