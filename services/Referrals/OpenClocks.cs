using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Answering;

namespace FamilyDoctor.Referrals;

/// <param name="CalendarVersion">Of the city's calendar; older ones are ignored.</param>
public sealed record WorkingDaysChanged(long CalendarVersion, DateTimeOffset NextAt) : DomainEvent;
/// <param name="NextAt">When they are looked through once more; null when that was done.</param>
public sealed record OpenClocksFollowed(long CalendarVersion, DateTimeOffset? NextAt) : DomainEvent;

/// <summary>How far the clocks that run at hospitals have followed the city's newest working days. One stream.</summary>
public sealed record OpenClocks(long CalendarVersion, DateTimeOffset? NextAt, bool IsSecondLook) : IState<OpenClocks>
{
    // For a moment another instance may still have started clocks by the old days.
    private static readonly TimeSpan UntilAllKnow = TimeSpan.FromMinutes(2);

    public static Guid Stream { get; } = Ids.Of("OpenClocks");

    public static OpenClocks Evolve(OpenClocks? clocks, DomainEvent @event) => (clocks, @event) switch
    {
        (_, WorkingDaysChanged e) => new(e.CalendarVersion, e.NextAt, false),
        ({ } c, OpenClocksFollowed e) => c with { NextAt = e.NextAt, IsSecondLook = true },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {(clocks is null ? "nothing" : "open clocks")}."),
    };

    public static IEnumerable<Deadline> Deadlines(OpenClocks clocks) => clocks.NextAt is { } next ? [new(nameof(MoveClocks), next)] : [];

    /// <summary>The city's calendar changed, unless this or newer news of it is known.</summary>
    public static IEnumerable<DomainEvent> Change(OpenClocks? clocks, long calendarVersion, Moment at) =>
        calendarVersion > (clocks?.CalendarVersion ?? 0) ? [new WorkingDaysChanged(calendarVersion, at.Now)] : [];

    /// <summary>All were looked through.</summary>
    public static IEnumerable<DomainEvent> Follow(OpenClocks? clocks, long calendarVersion, Moment at) =>
        clocks is { NextAt: not null } && clocks.CalendarVersion == calendarVersion
            ? [new OpenClocksFollowed(calendarVersion, clocks.IsSecondLook ? null : at.Now + UntilAllKnow)]
            : [];
}
