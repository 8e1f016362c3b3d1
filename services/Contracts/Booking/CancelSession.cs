using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A half-day does not take place: nobody books it any more, and every appointment in it is cancelled.</summary>
/// <param name="Reason">illness, training, closure or other.</param>
public sealed record CancelSession([Required, AllowedValues("illness", "training", "closure", "other")] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(ClinicSession? session, Moment at)
    {
        if (session is null)
            throw new UnknownId();
        return session.Status switch
        {
            SessionStatus.Cancelled => [],
            SessionStatus.Closed => throw session.NotPublished("This session is over."),
            _ => [new SessionCancelled(session.Id, Reason!, at.Now)],
        };
    }

    /// <summary>The appointments of a cancelled session follow; a durable deadline, so a restart forgets none.</summary>
    internal static async Task Clear(DueDeadline due, Envelope by, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (session, _) = await store.Load<ClinicSession>(due.StreamId, ct);
        await Task.WhenAll(session!.Taken.Select(taken => runner.Execute<Appointment, ClinicSession>(taken.Value, session.Id, by, (appointment, now, at) =>
            (appointment is { Status: AppointmentStatus.Booked or AppointmentStatus.CheckedIn }
                ? [new AppointmentCancelled(taken.Value, "service", "sessionCancelled", (int)(appointment.Booking.Start - at.Now).TotalHours)]
                : [], ClinicSession.Freed(now, taken.Key, taken.Value, at)), ct)));
    }
}

public static class CancelSessionEndpoint
{
    public static void MapCancelSession(this IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{sessionId:guid}/cancellation", Handle).WithName(nameof(CancelSession)).WithSummary("Cancel a half-day")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid sessionId, CancelSession command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<ClinicSession>(sessionId, http.Envelope(), command.Decide, ct));
}
