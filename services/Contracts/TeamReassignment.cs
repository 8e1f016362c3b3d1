using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <param name="NextAt">When the next page of contracts is worked on.</param>
public sealed record ReassignmentStarted(
    Guid TeamId, DateOnly EffectiveOn, string Reason, IReadOnlyList<Guid> Successors, long TeamVersion, DateTimeOffset NextAt) : DomainEvent;
/// <param name="Remaining">Seats still held at the team: contracts and open applications.</param>
public sealed record ReassignmentProgressed(Guid TeamId, int Remaining, int Transferred, int Terminated, DateTimeOffset? NextAt) : DomainEvent;
/// <summary>The team goes on: what was required is taken back, page by page.</summary>
public sealed record ReassignmentCalledOff(Guid TeamId, long TeamVersion, DateTimeOffset? NextAt) : DomainEvent;
/// <summary>The team was disbanded although contracts remained: they go to the successors at once.</summary>
public sealed record ReassignmentForced(Guid TeamId, long TeamVersion, DateTimeOffset NextAt) : DomainEvent;
/// <summary>Nothing is left to take back.</summary>
public sealed record ReassignmentUndone(Guid TeamId) : DomainEvent;
/// <summary>The team holds no seat any more: it may be disbanded.</summary>
public sealed record PanelEmptied(Guid TeamId, int Transferred, int Terminated) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ReassignmentStatus>))]
public enum ReassignmentStatus { Running, Forced, Emptied, CallingOff, CalledOff }

/// <summary>How far the contracts of a team that is being disbanded have found another one. One stream a team, through all its disbandments.</summary>
public sealed record TeamReassignment(
    Guid TeamId, ReassignmentStatus Status, DateOnly EffectiveOn, IReadOnlyList<Guid> Successors, long TeamVersion,
    int Remaining, int Transferred, int Terminated, DateTimeOffset? NextAt) : IState<TeamReassignment>
{
    /// <summary>Contracts worked on at a time; others' commands go on between two pages.</summary>
    public const int Page = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Recheck = TimeSpan.FromMinutes(1), Look = TimeSpan.FromHours(6);

    public bool IsOpen => Status is ReassignmentStatus.Running or ReassignmentStatus.Forced;

    public static Guid StreamOf(Guid teamId) => Ids.Of($"TeamReassignment:{teamId}");

    public static TeamReassignment Evolve(TeamReassignment? process, DomainEvent @event) => (process, @event) switch
    {
        (null or { IsOpen: false }, ReassignmentStarted e) =>
            new(e.TeamId, ReassignmentStatus.Running, e.EffectiveOn, e.Successors, e.TeamVersion, 0, 0, 0, e.NextAt),
        ({ Status: not ReassignmentStatus.CalledOff } p, ReassignmentProgressed e) =>
            p with { Remaining = e.Remaining, Transferred = e.Transferred, Terminated = e.Terminated, NextAt = e.NextAt },
        (null, ReassignmentCalledOff e) => new(e.TeamId, ReassignmentStatus.CalledOff, default, [], e.TeamVersion, 0, 0, 0, null),
        ({ } p, ReassignmentCalledOff e) => p with { Status = ReassignmentStatus.CallingOff, TeamVersion = e.TeamVersion, NextAt = e.NextAt },
        ({ IsOpen: true } p, ReassignmentForced e) => p with { Status = ReassignmentStatus.Forced, TeamVersion = e.TeamVersion, NextAt = e.NextAt },
        ({ Status: ReassignmentStatus.CallingOff } p, ReassignmentUndone) => p with { Status = ReassignmentStatus.CalledOff, NextAt = null },
        ({ IsOpen: true } p, PanelEmptied) => p with { Status = ReassignmentStatus.Emptied, NextAt = null },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {process?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(TeamReassignment process) =>
        process.NextAt is { } next ? [new(nameof(Reassigning.WorkReassignment), next)] : [];

    /// <summary>What the team's panel shows now, and when to look again; null leaves the next look where it is.</summary>
    /// <param name="page">What was worked on, and how many contracts of the team are still to come.</param>
    public static IEnumerable<DomainEvent> Follow(TeamReassignment? process, TeamPanel? panel, Moment at, (int Worked, int Open)? page = null)
    {
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        if (process is { Status: ReassignmentStatus.CallingOff } && page is { } undone)
        {
            return undone.Open == 0
                ? [new ReassignmentUndone(process.TeamId)]
                : [new ReassignmentProgressed(process.TeamId, panel?.Seats ?? 0, process.Transferred, process.Terminated, at.Now + Pause)];
        }
        if (process is not { IsOpen: true })
            return [];
        var (remaining, left) = (panel?.Seats ?? 0, panel?.Leaving ?? new PanelLeaving(0, 0));
        var next = page switch
        {
            null => process.NextAt,
            { Worked: > 0 } => at.Now + Pause,
            { Open: > 0 } => at.Now + Recheck,
            _ => at.Now + Look,
        };
        if (page is null && (remaining, left.Transferred, left.Terminated) == (process.Remaining, process.Transferred, process.Terminated))
            return [];
        var progressed = new ReassignmentProgressed(process.TeamId, remaining, left.Transferred, left.Terminated, remaining == 0 ? null : next);
        return remaining == 0 ? [progressed, new PanelEmptied(process.TeamId, left.Transferred, left.Terminated)] : [progressed];
    }
}
