using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>A half-day in the list of its team.</summary>
public sealed record SessionsOfTeam(
    Guid SessionId, Guid TeamId, string Type, DateTimeOffset Start, int SlotMinutes, int Slots, int Taken, int Waiting, bool Cancelled, SessionStatus Status,
    Guid? StudioId = null)
    : IRow<SessionsOfTeam>
{
    public static int Version => 3;

    public static IEnumerable<string> Indexes => ["team_id, start"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is SessionDrafted or SessionPublished or SessionSlotTaken
        or SessionSlotFreed or SessionClosed or SessionCancelled or WaitlistJoined or WaitlistOffered or WaitlistLeft ? [recorded.StreamId] : [];

    public static SessionsOfTeam? Evolve(SessionsOfTeam? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, SessionDrafted e) => new(id, e.TeamId, e.Type, e.Start, e.SlotMinutes, e.Slots, 0, 0, false, SessionStatus.Draft),
        (_, SessionPublished e) => new(id, e.TeamId, e.Type, e.Start, e.SlotMinutes, e.Slots, 0, 0, false, SessionStatus.Published, e.StudioId),
        ({ } r, SessionSlotTaken) => r with { Taken = r.Taken + 1 },
        ({ } r, SessionSlotFreed) => r with { Taken = r.Taken - 1 },
        ({ } r, SessionClosed) => r with { Status = SessionStatus.Closed, Waiting = 0 },
        ({ } r, SessionCancelled) => r with { Status = SessionStatus.Cancelled, Cancelled = true, Waiting = 0 },
        ({ } r, WaitlistJoined) => r with { Waiting = r.Waiting + 1 },
        ({ } r, WaitlistOffered) => r with { Waiting = Math.Max(0, r.Waiting - 1) },
        _ => row,
    };
}

public static class SessionsOfTeamEndpoint
{
    public static void MapSessionsOfTeam(this IEndpointRouteBuilder routes) => routes
        .MapGet("/sessions", Handle).WithName(nameof(SessionsOfTeam)).WithSummary("The half-days of a team from a moment on")
        .Public(Role.Clinic, Role.Commission, Role.Resident);

    private static async Task<IReadOnlyList<SessionsOfTeam>> Handle(
        Guid teamId, DateTimeOffset from, HttpContext http, Rows<SessionsOfTeam> rows, CancellationToken ct, SessionStatus? status = null, int limit = 100) =>
        await rows.Where($"""
            team_id = $1 and start >= $2 and ($3 = '' or status = $3) and (status <> 'Draft' or $4) order by start, session_id limit {Math.Clamp(limit, 1, 200)}
            """, ct, teamId, from.ToUniversalTime(), status?.ToString() ?? "", http.User.IsInRole(Role.Clinic)); // drafts are the clinic's own
}
