using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A resident of the team waits for a slot of a session that is full.</summary>
public sealed record JoinWaitlist([Required] Guid? ResidentId)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(ClinicSession? session, Enrolment? enrolment, Moment at)
    {
        if (session is null)
            throw new UnknownId();
        if (session.Status is not SessionStatus.Published || session.Start <= at.Now)
            throw session.NotPublished("Nobody waits for this session.");
        BookAppointment.RequireRight(enrolment, session.Start, at);
        if (session.Waiting.Contains(enrolment!.ResidentId) || session.Offers.Any(o => o.ResidentId == enrolment.ResidentId))
            return ([], []);
        if (session.Free.Any())
            throw new RuleBroken("SLOT_FREE", "There is a free slot, so nobody needs to wait.", new { nextFree = session.Free.Take(5) });
        return ([new WaitlistJoined(session.Id, enrolment.ResidentId)], []);
    }
}

public static class JoinWaitlistEndpoint
{
    public static void MapJoinWaitlist(this IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{sessionId:guid}/waitlist", Handle).WithName(nameof(JoinWaitlist)).WithSummary("Wait for a slot")
        .For(Role.Clinic, Role.Resident).OnlyNames("sessionId");

    private static async Task<Decided> Handle(Guid sessionId, JoinWaitlist command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<ClinicSession, Enrolment>(sessionId, command.ResidentId!.Value, http.Envelope(), command.Decide, ct));
}
