using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <param name="Type">clinic, phone, video, home or consultation.</param>
/// <param name="ContractedPercent">Share of the slots that only the team's own residents book until ReleasesAt.</param>
public sealed record SessionPublished(
    Guid SessionId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots,
    int ContractedPercent = 0, DateTimeOffset? ReleasesAt = null) : DomainEvent;
/// <param name="OfOtherTeam">By a resident of another team.</param>
public sealed record SessionSlotTaken(Guid SessionId, int Slot, Guid AppointmentId, bool OfOtherTeam = false) : DomainEvent;
public sealed record SessionSlotFreed(Guid SessionId, int Slot, Guid AppointmentId) : DomainEvent;
public sealed record SessionCancelled(Guid SessionId, string Reason, DateTimeOffset At) : DomainEvent;
public sealed record WaitlistJoined(Guid SessionId, Guid ResidentId) : DomainEvent;
/// <summary>A slot became free for whoever has waited longest; it is his until a moment.</summary>
public sealed record WaitlistOffered(Guid SessionId, Guid ResidentId, int Slot, DateTimeOffset Until) : DomainEvent;
public sealed record WaitlistOfferExpired(Guid SessionId, Guid ResidentId, int Slot) : DomainEvent;
/// <summary>Booked, or no longer interested.</summary>
public sealed record WaitlistLeft(Guid SessionId, Guid ResidentId) : DomainEvent;

public sealed record WaitlistOffer(Guid ResidentId, int Slot, DateTimeOffset Until);

/// <summary>A team's half-day with its slots; a slot is given once. What can follow from where: ClinicSession.md.</summary>
public sealed record ClinicSession(
    Guid Id, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots,
    ImmutableDictionary<int, Guid> Taken) : IState<ClinicSession>
{
    public int ContractedPercent { get; init; }
    public DateTimeOffset? ReleasesAt { get; init; }
    public int TakenByOthers => OfOthers.Count;
    public ImmutableHashSet<int> OfOthers { get; init; } = [];
    /// <summary>Residents in the order they came.</summary>
    public ImmutableList<Guid> Waiting { get; init; } = [];
    public ImmutableList<WaitlistOffer> Offers { get; init; } = [];
    public DateTimeOffset? CancelledAt { get; init; }

    public static ClinicSession Evolve(ClinicSession? session, DomainEvent @event) => (session, @event) switch
    {
        (null, SessionPublished e) => new(
            e.SessionId, e.TeamId, e.InstitutionId, e.DistrictCode, e.Type, e.Start, e.SlotMinutes, e.Slots, ImmutableDictionary<int, Guid>.Empty)
        { ContractedPercent = e.ContractedPercent, ReleasesAt = e.ReleasesAt },
        ({ CancelledAt: null } s, SessionSlotTaken e) => s with
        {
            Taken = s.Taken.Add(e.Slot, e.AppointmentId),
            OfOthers = e.OfOtherTeam ? s.OfOthers.Add(e.Slot) : s.OfOthers,
        },
        ({ } s, SessionSlotFreed e) => s with { Taken = s.Taken.Remove(e.Slot), OfOthers = s.OfOthers.Remove(e.Slot) },
        ({ CancelledAt: null } s, SessionCancelled e) => s with { CancelledAt = e.At, Waiting = [], Offers = [] },
        ({ CancelledAt: null } s, WaitlistJoined e) => s with { Waiting = s.Waiting.Add(e.ResidentId) },
        ({ CancelledAt: null } s, WaitlistOffered e) => s with { Waiting = s.Waiting.Remove(e.ResidentId), Offers = s.Offers.Add(new(e.ResidentId, e.Slot, e.Until)) },
        ({ } s, WaitlistOfferExpired e) => s with { Offers = s.Offers.RemoveAll(o => o.ResidentId == e.ResidentId) },
        ({ } s, WaitlistLeft e) => s with { Waiting = s.Waiting.Remove(e.ResidentId), Offers = s.Offers.RemoveAll(o => o.ResidentId == e.ResidentId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {(session is null ? "nothing" : "in this session")}."),
    };

    public static IEnumerable<Deadline> Deadlines(ClinicSession session)
    {
        if (session.Offers.Count > 0)
            yield return new(nameof(OfferWaitlistSlot), session.Offers.Min(o => o.Until));
        if (session is { CancelledAt: { } cancelledAt, Taken.Count: > 0 })
            yield return new(nameof(CancelSession), cancelledAt);
    }

    /// <summary>Slots that anybody may take.</summary>
    public IEnumerable<int> Free => Enumerable.Range(0, Slots).Where(slot => !Taken.ContainsKey(slot) && Offers.All(o => o.Slot != slot));

    public DateTimeOffset StartOf(int slot) => Start.AddMinutes(slot * SlotMinutes);

    /// <summary>The slot a resident gets: the one he wishes, the one offered to him, or the first free one; refuses when there is none for him.</summary>
    public int Choose(int? wish, Guid residentId, Guid teamId, Moment at)
    {
        if (CancelledAt is not null)
            throw new RuleBroken("INVALID_TRANSITION", "This session was cancelled.", new { state = "Cancelled", allowed = new[] { "Published" } });
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

    /// <summary>A slot is free again: whoever has waited longest is offered it for a while.</summary>
    public static IEnumerable<DomainEvent> Freed(ClinicSession? session, int slot, Guid appointmentId, Moment at)
    {
        if (session?.Taken.GetValueOrDefault(slot) != appointmentId)
            return [];
        var freed = new SessionSlotFreed(session.Id, slot, appointmentId);
        return session is { CancelledAt: null, Waiting: [var next, ..] } && session.StartOf(slot) > at.Now
            ? [freed, OfferWaitlistSlot.To(session, next, slot, at)]
            : [freed];
    }
}
