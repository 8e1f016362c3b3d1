using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A resident no longer waits; a slot that was offered to him goes to the next.</summary>
public static class LeaveWaitlist
{
    public static IEnumerable<DomainEvent> Decide(Guid residentId, ClinicSession? session, Moment at)
    {
        if (session is null)
            throw new UnknownId();
        if (session.Offers.Find(o => o.ResidentId == residentId) is { } offer)
        {
            return session.Waiting is [var next, ..] && session.StartOf(offer.Slot) > at.Now
                ? [new WaitlistLeft(session.Id, residentId), OfferWaitlistSlot.To(session, next, offer.Slot, at)]
                : [new WaitlistLeft(session.Id, residentId)];
        }
        return session.Waiting.Contains(residentId) ? [new WaitlistLeft(session.Id, residentId)] : [];
    }

    public static void MapLeaveWaitlist(this IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{sessionId:guid}/waitlist/{residentId:guid}/departure", Handle).WithName(nameof(LeaveWaitlist))
        .WithSummary("No longer wait for a slot").For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid sessionId, Guid residentId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<ClinicSession>(sessionId, http.Envelope(), (session, at) => Decide(residentId, session, at), ct));
}
