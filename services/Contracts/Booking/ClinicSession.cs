using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

/// <param name="Type">clinic, phone, video, home or consultation.</param>
public sealed record SessionPublished(
    Guid SessionId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots) : DomainEvent;
public sealed record SessionSlotTaken(Guid SessionId, int Slot, Guid AppointmentId) : DomainEvent;
public sealed record SessionSlotFreed(Guid SessionId, int Slot, Guid AppointmentId) : DomainEvent;

/// <summary>A team's half-day with its slots; a slot is given once.</summary>
public sealed record ClinicSession(
    Guid Id, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots,
    ImmutableDictionary<int, Guid> Taken) : IState<ClinicSession>
{
    public static ClinicSession Evolve(ClinicSession? session, DomainEvent @event) => (session, @event) switch
    {
        (null, SessionPublished e) => new(
            e.SessionId, e.TeamId, e.InstitutionId, e.DistrictCode, e.Type, e.Start, e.SlotMinutes, e.Slots, ImmutableDictionary<int, Guid>.Empty),
        ({ } s, SessionSlotTaken e) => s with { Taken = s.Taken.Add(e.Slot, e.AppointmentId) },
        ({ } s, SessionSlotFreed e) => s with { Taken = s.Taken.Remove(e.Slot) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {(session is null ? "nothing" : "a published session")}."),
    };

    public IEnumerable<int> Free => Enumerable.Range(0, Slots).Where(slot => !Taken.ContainsKey(slot));

    public DateTimeOffset StartOf(int slot) => Start.AddMinutes(slot * SlotMinutes);
}
