using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>
/// A resident got urgently worse at home: he is referred on the green channel at once, to the designated or nearest
/// hospital that has a slot today; where none has, the ambulance brings him and the district sees to it.
/// </summary>
public sealed class WhenDeteriorationDetected(
    Runner runner, IEventStore store, GreenChannel channel, Copies<KnownContract> contracts, Copies<KnownDeath> deaths, TimeProvider clock)
    : IReaction<DeteriorationDetected>
{
    private static readonly TimeSpan IsPast = TimeSpan.FromDays(7);

    public async Task React(DeteriorationDetected message, Envelope cause, CancellationToken ct)
    {
        var (visit, residentId) = (message.Visit, message.Visit.ResidentId);
        if (message.Severity is not "urgent" || message.OccurredAt < clock.GetUtcNow() - IsPast || await deaths.Find(residentId, ct) is { IsDead: true })
            return;
        var referralId = Ids.Of(visit.VisitId, nameof(WhenDeteriorationDetected)); // a visit leads to one, however often it is told
        if (await UnderWay(residentId, ct) is { } underWay)
        {
            await runner.Execute<Referral>(underWay, cause, (referral, _) => FoundAgain(referral, message), ct);
            return;
        }
        var contract = await contracts.Find(residentId, ct);
        foreach (var door in await channel.Doors(visit.DistrictCode, ct))
        {
            var isIn = false;
            await runner.Execute<Referral, QuotaBook, ResidentReferrals>(referralId, door.BookId, ResidentReferrals.StreamOf(residentId), cause,
                (referral, book, others, at) =>
                {
                    var decided = Decide(referralId, referral, book, others, message, contract, door, at);
                    isIn = referral is not null || decided.Referral.Any();
                    return decided;
                }, ct);
            if (isIn)
                return;
        }
        throw new Busy(); // no hospital is known here yet: the message comes again
    }

    private async Task<Guid?> UnderWay(Guid residentId, CancellationToken ct)
    {
        var (others, _) = await store.Load<ResidentReferrals>(ResidentReferrals.StreamOf(residentId), ct);
        foreach (var id in others?.Open.Keys ?? [])
        {
            if ((await store.Load<Referral>(id, ct)).State is { StepUp: not null } referral && Referral.BeforeArrival.Contains(referral.Status))
                return id;
        }
        return null;
    }

    /// <summary>Another visit found him worse while he is on his way: the same referral serves it.</summary>
    public static IEnumerable<DomainEvent> FoundAgain(Referral? referral, DeteriorationDetected message)
    {
        if (referral is not { StepUp: { } stepUp } || !Referral.BeforeArrival.Contains(referral.Status) || referral.FoundOn.Contains(message.Visit.VisitId))
            return [];
        return [new ReferralMerged(referral.Id, "deterioration", [.. message.Triggers], null),
            new ReferralSteppedUp(referral.Id, message.Visit.VisitId, message.Visit.BedId, stepUp.Route, message.DueAt)];
    }

    /// <param name="door">Where he would go; without a slot there nothing is decided, unless it is the last one: the ambulance needs none.</param>
    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Guid id, Referral? referral, QuotaBook? book, ResidentReferrals? others, DeteriorationDetected message, KnownContract? contract, GreenDoor door, Moment at)
    {
        if (referral is not null)
            return ([], [], []); // told twice
        var right = ReferralRight.Is(contract, ReferralPriority.Urgent, at) ? contract!.Facts : null;
        if (!door.ByAmbulance && book?.FirstFree(ReferralPriority.Urgent, right is not null, at.Now) is null)
            return ([], [], []); // the next door
        var (v, hospital) = (message.Visit, door.Hospital);
        var duplicateOf = ResidentReferrals.UnderWay(others, door.Service);
        var drafted = new ReferralDrafted(id, "up", v.ResidentId, right?.ContractId, contract?.Version ?? 0, right?.TeamId ?? v.TeamId,
            right?.InstitutionId ?? v.InstitutionId, right?.DistrictCode ?? v.DistrictCode, hospital.HospitalId, door.Service,
            door.ByAmbulance ? ReferralPriority.Emergency : ReferralPriority.Urgent, "deterioration", message.Triggers is { Count: > 0 } t ? [.. t] : ["deterioration"],
            null, null, hospital.Level, duplicateOf, duplicateOf is null ? null : "deterioration");
        List<DomainEvent> own = [drafted], quota = [];
        if (!door.ByAmbulance)
        {
            var (held, slot) = QuotaBook.Choose(book, Referral.Evolve(null, drafted), at);
            own.Add(new ReferralSlotHeld(id, slot.BookId, slot.Date, slot.Start));
            quota.Add(held);
        }
        // Nobody asks somebody in danger for his consent first.
        var (sent, booked) = new SubmitReferral("vitalInterest").Decide(own.Aggregate((Referral?)null, Referral.Evolve), quota.Aggregate(book, QuotaBook.Evolve), at, message.DueAt);
        own.AddRange([.. sent, new ReferralSteppedUp(id, v.VisitId, v.BedId, door.ByAmbulance ? "emergency" : "greenChannel", message.DueAt)]);
        if (door.ByAmbulance)
            own.Add(new EmergencyRouteTaken(id, "noSlot", "district"));
        return (own, [.. quota, .. booked], [ResidentReferrals.Opened(others, id, door.Service, "deterioration")]);
    }
}
