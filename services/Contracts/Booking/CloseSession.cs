using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A half-day is over: nobody books it or waits for it any more.</summary>
public static class CloseSession
{
    public static IEnumerable<DomainEvent> Decide(ClinicSession? session, Moment at) =>
        session is { Status: SessionStatus.Published } && session.ClosesAt <= at.Now ? [new SessionClosed(session.Id, at.Now)] : [];
}
