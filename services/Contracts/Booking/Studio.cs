using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A studio holds these half-days, week by week.</summary>
/// <param name="Version">Of the facts in Teams; older ones are ignored.</param>
/// <param name="NextAt">When its sessions are next brought into line.</param>
public sealed record StudioScheduled(Guid StudioId, Guid TeamId, IReadOnlyList<StudioHours> Hours, long Version, DateTimeOffset NextAt) : DomainEvent;
public sealed record StudioEnded(Guid StudioId, long Version, DateTimeOffset? NextAt) : DomainEvent;
/// <summary>Its sessions are out to a day, and those it no longer holds are cancelled.</summary>
public sealed record StudioSessionsOffered(Guid StudioId, DateOnly Through, DateTimeOffset? NextAt) : DomainEvent;

/// <param name="Since">The version of the hours that first had this half-day without a break: what was cancelled with older hours comes back as another session.</param>
public sealed record StudioHours(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes, long Since);

/// <summary>When a five-star doctor's studio holds sessions, as Teams said it last, and how far they are offered. What can follow from where: Studio.states.md.</summary>
/// <param name="Gone">Half-days of earlier hours whose sessions are still to be cancelled.</param>
public sealed record Studio(
    Guid Id, Guid TeamId, bool IsOpen, ImmutableList<StudioHours> Hours, ImmutableList<StudioHours> Gone, long Version, DateOnly Through,
    DateTimeOffset? NextAt) : IState<Studio>
{
    public static Studio Evolve(Studio? studio, DomainEvent @event) => (studio, @event) switch
    {
        (null, StudioScheduled e) => new(e.StudioId, e.TeamId, true, [.. e.Hours], [], e.Version, default, e.NextAt),
        (null, StudioEnded e) => new(e.StudioId, default, false, [], [], e.Version, default, e.NextAt),
        ({ } s, StudioScheduled e) => s with
        {
            TeamId = e.TeamId,
            IsOpen = true,
            Hours = [.. e.Hours],
            Gone = [.. s.Gone.Union(s.Hours).Except(e.Hours)],
            Version = e.Version,
            NextAt = e.NextAt,
        },
        ({ } s, StudioEnded e) => s with { IsOpen = false, Hours = [], Gone = [.. s.Gone.Union(s.Hours)], Version = e.Version, NextAt = e.NextAt },
        ({ NextAt: not null } s, StudioSessionsOffered e) => s with { Gone = [], Through = e.Through, NextAt = e.NextAt },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on studio {studio?.Id}."),
    };

    public static IEnumerable<Deadline> Deadlines(Studio studio) =>
        studio.NextAt is { } next ? [new(nameof(OfferStudioSessions), next)] : [];

    /// <summary>Every half-day from one day to another that the studio holds or held.</summary>
    public IEnumerable<(DateOnly Day, StudioHours Hours)> HalfDays(DateOnly first, DateOnly last) =>
        from n in Enumerable.Range(0, last.DayNumber - first.DayNumber + 1)
        let day = first.AddDays(n)
        from hours in Hours.Concat(Gone)
        where hours.Day == day.DayOfWeek
        select (day, hours);

    /// <summary>The same half-day is always the same session.</summary>
    public static Guid SessionOf(Guid studioId, DateOnly day, StudioHours hours) =>
        Ids.Of(studioId, $"{hours.Since} {day:O} {hours.Opens:O} {hours.Closes:O}");
}
