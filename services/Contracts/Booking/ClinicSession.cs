using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

public sealed record WaitlistOffer(Guid ResidentId, int Slot, DateTimeOffset Until);

/// <summary>A team's half-day with its slots; a slot is given once. What can follow from where: ClinicSession.states.md.</summary>
public sealed record ClinicSession(
    Guid Id, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots,
    ImmutableDictionary<int, Guid> Taken) : IState<ClinicSession>
{
    public SessionStatus Status { get; init; } = SessionStatus.Published;
    public int ContractedPercent { get; init; }
    public DateTimeOffset? ReleasesAt { get; init; }
    public int TakenByOthers => OfOthers.Count;
    public ImmutableHashSet<int> OfOthers { get; init; } = [];
    /// <summary>Residents in the order they came.</summary>
    public ImmutableList<Guid> Waiting { get; init; } = [];
    public ImmutableList<WaitlistOffer> Offers { get; init; } = [];
    public DateTimeOffset? CancelledAt { get; init; }
    public DateTimeOffset? ClosesAt { get; init; }

    public static ClinicSession Evolve(ClinicSession? session, DomainEvent @event) => (session, @event) switch
    {
        (null, SessionDrafted e) => new(
            e.SessionId, e.TeamId, e.InstitutionId, e.DistrictCode, e.Type, e.Start, e.SlotMinutes, e.Slots, ImmutableDictionary<int, Guid>.Empty)
        { Status = SessionStatus.Draft },
        (null or { Status: SessionStatus.Draft }, SessionPublished e) => new(
            e.SessionId, e.TeamId, e.InstitutionId, e.DistrictCode, e.Type, e.Start, e.SlotMinutes, e.Slots, ImmutableDictionary<int, Guid>.Empty)
        { ContractedPercent = e.ContractedPercent, ReleasesAt = e.ReleasesAt, ClosesAt = e.ClosesAt },
        ({ Status: SessionStatus.Published or SessionStatus.Closed } s, SessionSlotTaken e) => s with
        {
            Taken = s.Taken.Add(e.Slot, e.AppointmentId),
            OfOthers = e.OfOtherTeam ? s.OfOthers.Add(e.Slot) : s.OfOthers,
        },
        ({ Status: not SessionStatus.Draft } s, SessionSlotFreed e) => s with { Taken = s.Taken.Remove(e.Slot), OfOthers = s.OfOthers.Remove(e.Slot) },
        ({ Status: SessionStatus.Draft or SessionStatus.Published } s, SessionCancelled e) =>
            s with { Status = SessionStatus.Cancelled, CancelledAt = e.At, Waiting = [], Offers = [] },
        ({ Status: SessionStatus.Published } s, SessionClosed) => s with { Status = SessionStatus.Closed, Waiting = [], Offers = [] },
        ({ Status: SessionStatus.Published } s, WaitlistJoined e) => s with { Waiting = s.Waiting.Add(e.ResidentId) },
        ({ Status: SessionStatus.Published } s, WaitlistOffered e) => s with
        {
            Waiting = s.Waiting.Remove(e.ResidentId),
            Offers = s.Offers.Add(new(e.ResidentId, e.Slot, e.Until)),
        },
        ({ Status: not SessionStatus.Draft } s, WaitlistOfferExpired e) => s with { Offers = s.Offers.RemoveAll(o => o.ResidentId == e.ResidentId) },
        ({ Status: not SessionStatus.Draft } s, WaitlistLeft e) => s with
        {
            Waiting = s.Waiting.Remove(e.ResidentId),
            Offers = s.Offers.RemoveAll(o => o.ResidentId == e.ResidentId),
        },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {session?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(ClinicSession session)
    {
        if (session.Offers.Count > 0)
            yield return new(nameof(OfferWaitlistSlot), session.Offers.Min(o => o.Until));
        if (session is { CancelledAt: { } cancelledAt, Taken.Count: > 0 })
            yield return new(nameof(CancelSession), cancelledAt);
        if (session is { Status: SessionStatus.Published, ClosesAt: { } closesAt })
            yield return new(nameof(CloseSession), closesAt);
    }

    /// <summary>Slots that anybody may take.</summary>
    public IEnumerable<int> Free => Enumerable.Range(0, Slots).Where(slot => !Taken.ContainsKey(slot) && Offers.All(o => o.Slot != slot));

    public DateTimeOffset StartOf(int slot) => Start.AddMinutes(slot * SlotMinutes);

    /// <summary>The slot a resident gets: the one he wishes, the one offered to him, or the first free one; refuses when there is none for him.</summary>
    public int Choose(int? wish, Guid residentId, Guid teamId, Moment at)
    {
        // A booking of the past may come in when the half-day is over.
        if (Status is not SessionStatus.Published && !(Status is SessionStatus.Closed && at.Now < ClosesAt))
            throw NotPublished("Nobody books in this session.");
        var offered = Offers.Find(o => o.ResidentId == residentId && (wish is null || wish == o.Slot));
        var slot = offered?.Slot ?? wish ?? Free.Where(s => StartOf(s) >= at.Now).Cast<int?>().FirstOrDefault();
        if (slot is not { } chosen || (offered is null && !Free.Contains(chosen)))
            throw new RuleBroken("SLOT_TAKEN", "This slot is taken.", new { nextFree = Free.Take(5) });
        if (StartOf(chosen) < at.Now)
            throw new RuleBroken("SLOT_PAST", "This slot lies in the past.");
        if (teamId != TeamId && at.Now < ReleasesAt && TakenByOthers >= Slots - (int)Math.Ceiling(Slots * ContractedPercent / 100.0))
            throw new RuleBroken("SLOT_TAKEN", "The other slots are for the team's own residents until a day before.", new { nextFree = Array.Empty<int>(), opensAt = ReleasesAt });
        return chosen;
    }

    internal RuleBroken NotPublished(string sentence) =>
        new("INVALID_TRANSITION", sentence, new { state = Status.ToString(), allowed = new[] { nameof(SessionStatus.Published) } });

    /// <summary>A slot is free again: whoever has waited longest is offered it for a while.</summary>
    public static IEnumerable<DomainEvent> Freed(ClinicSession? session, int slot, Guid appointmentId, Moment at)
    {
        if (session?.Taken.GetValueOrDefault(slot) != appointmentId)
            return [];
        var freed = new SessionSlotFreed(session.Id, slot, appointmentId);
        return session is { Waiting: [var next, ..] } && session.StartOf(slot) > at.Now
            ? [freed, OfferWaitlistSlot.To(session, next, slot, at)]
            : [freed];
    }
}
