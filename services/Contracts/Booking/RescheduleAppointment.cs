using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>An appointment moves to another slot or another half-day; the old slot is free again in the same moment.</summary>
public sealed record RescheduleAppointment([Required] Guid? SessionId, [Range(0, 199)] int? Slot = null)
{
    /// <param name="from">The session it leaves; the same as to when it stays within one.</param>
    /// <param name="enrolment">A copy read a moment ago.</param>
    public (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> From, IEnumerable<DomainEvent> To) Decide(
        Appointment? appointment, ClinicSession? from, ClinicSession? to, Enrolment? enrolment, Moment at)
    {
        if (to is null)
            throw new UnknownId();
        Appointment.MayGo(appointment, AppointmentStatus.Cancelled, AppointmentStatus.Booked);
        var booking = appointment!.Booking;
        if (appointment.Status is not AppointmentStatus.Booked)
            throw new RuleBroken("INVALID_TRANSITION", "A cancelled appointment does not move.", new { state = appointment.Status.ToString(), allowed = new[] { "Booked" } });
        if (booking.SessionId == to.Id && (Slot is null || Slot == booking.Slot))
            return ([], [], []);
        var contract = BookAppointment.RequireRight(enrolment, to.Start, at);
        var slot = to.Choose(Slot, booking.ResidentId, contract.TeamId, at);
        return (
            [new AppointmentRescheduled(booking.AppointmentId, to.Id, slot, to.TeamId, to.InstitutionId, to.DistrictCode, to.Type, to.StartOf(slot), to.StartOf(slot + 1))],
            ClinicSession.Freed(from, booking.Slot, booking.AppointmentId, at),
            [.. to.Waiting.Contains(booking.ResidentId) || to.Offers.Any(o => o.ResidentId == booking.ResidentId)
                    ? [new WaitlistLeft(to.Id, booking.ResidentId)] : Array.Empty<DomainEvent>(),
                new SessionSlotTaken(to.Id, slot, booking.AppointmentId, contract.TeamId != to.TeamId)]);
    }
}

public static class RescheduleAppointmentEndpoint
{
    public static void MapRescheduleAppointment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments/{appointmentId:guid}/rescheduling", Handle).WithName(nameof(RescheduleAppointment))
        .WithSummary("Move an appointment").For(Role.Clinic, Role.Resident).OnlyNames("sessionId");

    private static async Task<Decided> Handle(
        Guid appointmentId, RescheduleAppointment command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Appointment>(appointmentId, ct);
        if (known is null)
            throw new UnknownId();
        var (from, to, envelope) = (known.Booking.SessionId, command.SessionId!.Value, http.Envelope());
        var (enrolment, _) = await store.Load<Enrolment>(known.Booking.ResidentId, ct);
        return new(from == to
            ? await runner.Execute<Appointment, ClinicSession>(appointmentId, to, envelope, (appointment, session, at) =>
            {
                var (a, b, c) = command.Decide(Still(appointment, from), session, session, enrolment, at);
                return (a, b.Concat(c));
            }, ct)
            : await runner.Execute<Appointment, ClinicSession, ClinicSession>(appointmentId, from, to, envelope,
                (appointment, old, next, at) => command.Decide(Still(appointment, from), old, next, enrolment, at), ct));
    }

    /// <summary>Somebody moved it between the two: the caller looks again.</summary>
    private static Appointment? Still(Appointment? appointment, Guid session) =>
        appointment is null || appointment.Booking.SessionId == session ? appointment : throw new Busy();
}
