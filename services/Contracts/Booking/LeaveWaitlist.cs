using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A resident no longer waits; a slot that was offered to him goes to the next.</summary>
public static class LeaveWaitlist
{
    /// <param name="reason">Why he does, when it is not his own wish.</param>
    public static IEnumerable<DomainEvent> Decide(Guid residentId, ClinicSession? session, Moment at, string? reason = null)
    {
        if (session is null)
            throw new UnknownId();
        var left = new WaitlistLeft(session.Id, residentId, reason);
        if (session.Offers.Find(o => o.ResidentId == residentId) is { } offer)
        {
            return session.Waiting is [var next, ..] && session.StartOf(offer.Slot) > at.Now
                ? [left, OfferWaitlistSlot.To(session, next, offer.Slot, at)]
                : [left];
        }
        return session.Waiting.Contains(residentId) ? [left] : [];
    }

    public static void MapLeaveWaitlist(this IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{sessionId:guid}/waitlist/{residentId:guid}/departure", Handle).WithName(nameof(LeaveWaitlist))
        .WithSummary("No longer wait for a slot").For(Role.Clinic, Role.Resident).OnlyNames("sessionId");

    private static async Task<Decided> Handle(Guid sessionId, Guid residentId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<ClinicSession>(sessionId, http.Envelope(), (session, at) => Decide(residentId, session, at), ct));
}
