using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A contracted resident takes a slot of his team; without a wish he gets the first free one.</summary>
public sealed record BookAppointment(Guid? Id, [Required] Guid? SessionId, [Required] Guid? ResidentId, [Range(0, 199)] int? Slot = null)
{
    public (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> Session, IEnumerable<DomainEvent> Enrolment) Decide(
        Guid id, Appointment? appointment, ClinicSession? session, Enrolment? enrolment, Moment at)
    {
        if (appointment is not null)
            return ([], [], []);
        if (session is null || enrolment is null)
            throw new UnknownId();
        if (enrolment.Contract is not { } contract || !contract.Covers(at.DateOf(session.Start)))
            throw new RuleBroken("CONTRACT_NOT_ACTIVE", "There is no active contract on the day of the appointment.");
        var slot = Slot ?? session.Free.Cast<int?>().FirstOrDefault();
        if (slot is not { } free || free >= session.Slots || session.Taken.ContainsKey(free))
            throw new RuleBroken("SLOT_TAKEN", "This slot is taken.", new { nextFree = session.Free.Take(5) });
        if (session.StartOf(free) < at.Now)
            throw new RuleBroken("SLOT_PAST", "This slot lies in the past.");
        return (
            [new AppointmentBooked(id, session.Id, free, enrolment.ResidentId, contract.Id, session.TeamId, session.InstitutionId, session.DistrictCode,
                session.Type, session.StartOf(free), session.StartOf(free + 1))],
            [new SessionSlotTaken(session.Id, free, id)], []);
    }
}

public static class BookAppointmentEndpoint
{
    public static void MapBookAppointment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/appointments", Handle).WithName(nameof(BookAppointment)).WithSummary("Book an appointment").For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(BookAppointment command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await runner.Execute<Appointment, ClinicSession, Enrolment>(id, command.SessionId!.Value, command.ResidentId!.Value, http.Envelope(),
            (appointment, session, enrolment, at) => command.Decide(id, appointment, session, enrolment, at), ct), $"/appointments/{id}");
    }
}
