using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>The consultation is over; what came of it is recorded as a code, and what it delivered of the resident's packages is counted.</summary>
/// <param name="Fulfils">The kind of service that a package owed and the visit delivered.</param>
public sealed record CompleteAppointment([Required] AppointmentOutcome? Outcome, [MaxLength(40)] string? Fulfils = null)
{
    public (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> Enrolment) Decide(Appointment? appointment, Enrolment? enrolment)
    {
        if (!Appointment.MayGo(appointment, AppointmentStatus.Fulfilled, AppointmentStatus.CheckedIn))
            return ([], []);
        var booking = appointment!.Booking;
        IEnumerable<DomainEvent> fulfilled = [new AppointmentFulfilled(booking.AppointmentId, Outcome!.Value)];
        return Fulfils is null || enrolment?.Contract is not { IsCurrent: true } contract
            ? (fulfilled, [])
            : (fulfilled, new FulfilObligation(Fulfils, booking.AppointmentId.ToString(), booking.Type).Decide(contract.Id, enrolment));
    }
}

public static class CompleteAppointmentEndpoint
{
    public static void MapCompleteAppointment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/completion", Handle).WithName(nameof(CompleteAppointment))
        .WithSummary("Record what came of an appointment").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid appointmentId, CompleteAppointment command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Appointment>(appointmentId, ct);
        return new(await runner.Execute<Appointment, Enrolment>(appointmentId, known?.Booking.ResidentId ?? throw new UnknownId(), http.Envelope(),
            (appointment, enrolment, _) => command.Decide(appointment, enrolment), ct));
    }
}
