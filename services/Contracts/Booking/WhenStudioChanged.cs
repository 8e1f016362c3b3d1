using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A five-star doctor's studio has other hours, or closed: its sessions follow at once. One that opens has no hours until it says them. Older news than known is ignored.</summary>
public sealed class WhenStudioChanged(Runner runner) : IReaction<StudioHoursSet>, IReaction<StudioClosed>
{
    public Task React(StudioHoursSet message, Envelope cause, CancellationToken ct) =>
        runner.Execute<Studio>(message.StudioId, cause, (studio, at) => Decide(studio, message, at), ct);

    public Task React(StudioClosed message, Envelope cause, CancellationToken ct) =>
        runner.Execute<Studio>(message.StudioId, cause, (studio, at) => Decide(studio, message, at), ct);

    public static IEnumerable<DomainEvent> Decide(Studio? studio, StudioHoursSet message, Moment at)
    {
        if (message.StreamVersion <= studio?.Version)
            return [];
        // A half-day that stays keeps its sessions, and what is booked in them.
        var staying = studio?.TeamId == message.TeamId ? studio.Hours : [];
        return [new StudioScheduled(message.StudioId, message.TeamId, [.. message.Sessions.Distinct().Select(s =>
            staying.Find(h => (h.Day, h.Opens, h.Closes) == (s.Day, s.Opens, s.Closes)) ?? new(s.Day, s.Opens, s.Closes, message.StreamVersion))],
            message.StreamVersion, at.Now)];
    }

    public static IEnumerable<DomainEvent> Decide(Studio? studio, StudioClosed message, Moment at) => message.StreamVersion <= studio?.Version
        ? [] : [new StudioEnded(message.StudioId, message.StreamVersion, studio is null ? null : at.Now)]; // told first, it makes older news old
}
