using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>An appointment that a resident still has; who came, did not come or cancelled has it no more.</summary>
/// <param name="Sequence">Place in the log of its booking, or of its last move.</param>
public sealed record BookingsOfResident(
    Guid AppointmentId, Guid ResidentId, Guid SessionId, Guid TeamId, string Type, DateTimeOffset Start, DateTimeOffset EndsAt, long Sequence)
    : IRow<BookingsOfResident>
{
    public static IEnumerable<string> Indexes => ["resident_id, start"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is AppointmentBooked or AppointmentRescheduled or ResidentCheckedIn
        or AppointmentNoShow or AppointmentCancelled ? [recorded.StreamId] : [];

    public static BookingsOfResident? Evolve(BookingsOfResident? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, AppointmentBooked e) => new(id, e.ResidentId, e.SessionId, e.TeamId, e.Type, e.Start, e.End, recorded.Sequence),
        ({ } r, AppointmentRescheduled e) => r with
        {
            SessionId = e.SessionId,
            TeamId = e.TeamId,
            Type = e.Type,
            Start = e.Start,
            EndsAt = e.End,
            Sequence = recorded.Sequence,
        },
        _ => null,
    };
}

public static class BookingsOfResidentEndpoint
{
    public static void MapBookingsOfResident(this IEndpointRouteBuilder routes) => routes
        .MapGet("/residents/{residentId:guid}/appointments", Handle).WithName(nameof(BookingsOfResident))
        .WithSummary("The appointments that a resident still has").For(Role.Clinic, Role.Resident);

    private static async Task<IReadOnlyList<BookingsOfResident>> Handle(Guid residentId, Rows<BookingsOfResident> rows, CancellationToken ct) =>
        await rows.Where("resident_id = $1 order by start, appointment_id limit 200", ct, residentId);
}
