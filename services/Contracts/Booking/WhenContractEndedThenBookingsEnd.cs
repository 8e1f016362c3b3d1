using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.Policies;
using Published = FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A contract ended, its resident died or went to another team: what he had booked with it ahead is cancelled, he waits for nothing more, and the slots go to others.</summary>
public sealed class WhenContractEndedThenBookingsEnd(Rows<BookingsOfResident> bookings, Rows<WaitlistOfResident> places, Runner runner)
    : IReaction<Published.ContractTerminated>, IReaction<Published.ContractExpired>, IReaction<Published.ContractEnteredInError>,
        IReaction<Published.ContractTransferred>, IReaction<Published.ResidentDied>
{
    /// <summary>Only what was booked before it happened: whoever signs or books anew keeps that, however late or often the message comes.</summary>
    private const string Before = "resident_id = $1 and sequence < (select seq_id from mt_events where stream_id = $2 and version = $3)";

    public Task React(Published.ContractTerminated message, Envelope cause, CancellationToken ct) => End(message.Contract.ResidentId, null, message, cause, ct);
    public Task React(Published.ContractExpired message, Envelope cause, CancellationToken ct) => End(message.Contract.ResidentId, null, message, cause, ct);
    public Task React(Published.ContractEnteredInError message, Envelope cause, CancellationToken ct) => End(message.Contract.ResidentId, null, message, cause, ct);
    public Task React(Published.ContractTransferred message, Envelope cause, CancellationToken ct) => End(message.Contract.ResidentId, message.FromTeamId, message, cause, ct);
    public Task React(Published.ResidentDied message, Envelope cause, CancellationToken ct) => End(message.ResidentId, null, message, cause, ct);

    private async Task End(Guid residentId, Guid? left, IntegrationEvent message, Envelope cause, CancellationToken ct)
    {
        await bookings.UntilSeen(message, ct);
        foreach (var row in await bookings.Where(Before, ct, residentId, message.StreamId, message.StreamVersion))
        {
            await runner.Execute<Appointment, ClinicSession, Enrolment>(row.AppointmentId, row.SessionId, residentId, cause, (appointment, session, enrolment, at) =>
            {
                var (a, b) = Decide(appointment, session, enrolment, left, at);
                return (a, b, []);
            }, ct);
        }
        await places.UntilSeen(message, ct);
        foreach (var row in await places.Where(Before, ct, residentId, message.StreamId, message.StreamVersion))
        {
            await runner.Execute<ClinicSession, Enrolment>(row.SessionId, residentId, cause,
                (session, enrolment, at) => (Leave(residentId, session, enrolment, left, at), []), ct);
        }
    }

    /// <param name="left">The team that the resident left, if he left one.</param>
    public static (IEnumerable<DomainEvent> Appointment, IEnumerable<DomainEvent> Session) Decide(
        Appointment? appointment, ClinicSession? session, Enrolment? enrolment, Guid? left, Moment at)
    {
        if (appointment is not { Status: AppointmentStatus.Booked, Booking: var booking } || booking.Start <= at.Now)
            return ([], []);
        if (booking.SessionId != session?.Id)
            throw new Busy(); // it moves this very moment; the message comes again
        return Why(enrolment, booking.Start, booking.TeamId, left, at) is { } reason
            ? ([new AppointmentCancelled(booking.AppointmentId, "service", reason, (int)(booking.Start - at.Now).TotalHours)],
                ClinicSession.Freed(session, booking.Slot, booking.AppointmentId, at))
            : ([], []);
    }

    public static IEnumerable<DomainEvent> Leave(Guid residentId, ClinicSession? session, Enrolment? enrolment, Guid? left, Moment at) =>
        session is not null && Why(enrolment, session.Start, session.TeamId, left, at) is { } reason
            ? LeaveWaitlist.Decide(residentId, session, at, reason)
            : [];

    /// <summary>Why nothing is left of the right to a time with a team; null while there is one. A merged registration's bookings are the survivor's.</summary>
    private static string? Why(Enrolment? enrolment, DateTimeOffset start, Guid team, Guid? left, Moment at) => enrolment switch
    {
        null or { MergedInto: not null } => null,
        { Death: not null } => "residentDied",
        { Contract: { } contract } when contract.Covers(at.DateOf(start)) => left == team && contract.TeamId != team ? "teamChanged" : null,
        _ => "contractEnded",
    };
}
