using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>An offered slot was not booked in time: the next who waits is offered it, or everybody may take it.</summary>
public static class OfferWaitlistSlot
{
    public static IEnumerable<DomainEvent> Decide(ClinicSession? session, Moment at)
    {
        if (session is null)
            return [];
        var decided = new List<DomainEvent>();
        var waiting = session.Waiting;
        foreach (var offer in session.Offers.Where(o => o.Until <= at.Now))
        {
            decided.Add(new WaitlistOfferExpired(session.Id, offer.ResidentId, offer.Slot));
            if (waiting is [var next, ..] && session.StartOf(offer.Slot) > at.Now)
            {
                decided.Add(To(session, next, offer.Slot, at));
                waiting = waiting.Remove(next);
            }
        }
        return decided;
    }

    /// <summary>For as long as a slot is held, and never past its beginning.</summary>
    internal static WaitlistOffered To(ClinicSession session, Guid residentId, int slot, Moment at)
    {
        var until = at.Now.AddMinutes(at.Policy.SlotHoldMinutes);
        return new(session.Id, residentId, slot, until < session.StartOf(slot) ? until : session.StartOf(slot));
    }
}
