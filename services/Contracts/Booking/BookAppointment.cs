using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A contracted resident takes a slot; without a wish he gets the one offered to him or the first free one.</summary>
public sealed record BookAppointment(Guid? Id, [Required] Guid? SessionId, [Required] Guid? ResidentId, [Range(0, 199)] int? Slot = null)
{
    public (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> Session, IEnumerable<DomainEvent> Enrolment) Decide(
        Guid id, Appointment? appointment, ClinicSession? session, Enrolment? enrolment, Moment at)
    {
        if (appointment is not null)
            return ([], [], []);
        if (session is null || enrolment is null)
            throw new UnknownId();
        var contract = RequireRight(enrolment, session.Start, at);
        var slot = session.Choose(Slot, enrolment.ResidentId, contract.TeamId, at);
        var waited = session.Waiting.Contains(enrolment.ResidentId) || session.Offers.Any(o => o.ResidentId == enrolment.ResidentId);
        return (
            [new AppointmentBooked(id, session.Id, slot, enrolment.ResidentId, contract.Id, session.TeamId, session.InstitutionId, session.DistrictCode,
                session.Type, session.StartOf(slot), session.StartOf(slot + 1))],
            [.. waited ? [new WaitlistLeft(session.Id, enrolment.ResidentId)] : Array.Empty<DomainEvent>(),
                new SessionSlotTaken(session.Id, slot, id, contract.TeamId != session.TeamId)], []);
    }

    /// <summary>The contract that covers the day; refuses without one, and who was absent too often, unless he belongs to a priority group.</summary>
    internal static Contract RequireRight(Enrolment? enrolment, DateTimeOffset start, Moment at)
    {
        if (enrolment.Alive().Contract is not { } contract || !contract.Covers(at.DateOf(start)))
            throw new RuleBroken("CONTRACT_NOT_ACTIVE", "There is no active contract on the day of the appointment.");
        if (enrolment.RestrictedUntil > at.Now && enrolment.Groups.Count == 0)
            throw new RuleBroken("BOOKING_RESTRICTED", "After several absences nothing is booked for a while; the clinic can still be visited.",
                new { until = enrolment.RestrictedUntil });
        return contract;
    }
}

public static class BookAppointmentEndpoint
{
    public static void MapBookAppointment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments", Handle).WithName(nameof(BookAppointment)).WithSummary("Book an appointment").For(Role.Clinic, Role.Resident).OnlyNames("sessionId");

    private static async Task<Decided> Handle(BookAppointment command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await runner.Execute<Appointment, ClinicSession, Enrolment>(id, command.SessionId!.Value, command.ResidentId!.Value, http.Envelope(),
            (appointment, session, enrolment, at) => command.Decide(id, appointment, session, enrolment, at), ct), $"/appointments/{id}");
    }
}
