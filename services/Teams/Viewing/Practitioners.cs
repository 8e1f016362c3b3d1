using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The practitioners of an institution, with the stars last awarded.</summary>
/// <param name="StarsUntil">The stars are in force until then.</param>
public sealed record Practitioners(
    Guid PractitionerId, Guid InstitutionId, string Kind, PractitionerStatus Status, DateOnly? LicenceValidTo, bool IsLapsed, bool IsSuspended,
    int Stars, DateTimeOffset? StarsUntil, DateOnly? LastDay) : IRow<Practitioners>
{
    static int IRow<Practitioners>.Version => 3;

    public static IEnumerable<string> Indexes => ["institution_id, practitioner_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is PractitionerRegistered or PractitionerActivated or LicenceRenewed or LicenceLapsed or PractitionerSuspended or PractitionerResumed or PractitionerMoved
            or DepartureAnnounced or PractitionerDeparted or StarAwarded or StarRevoked ? [recorded.StreamId] : [];

    public static Practitioners? Evolve(Practitioners? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, PractitionerRegistered e) => new(id, e.InstitutionId, e.Kind,
            e.StartsAt is null ? PractitionerStatus.Active : PractitionerStatus.Registered, e.LicenceValidTo, false, false, 0, null, null),
        ({ } r, PractitionerActivated) => (r with { Status = PractitionerStatus.Active }).Standing(),
        ({ } r, LicenceRenewed e) => (r with { IsLapsed = false, LicenceValidTo = e.ValidTo }).Standing(),
        ({ } r, LicenceLapsed) => (r with { IsLapsed = true }).Standing(),
        ({ } r, PractitionerSuspended) => (r with { IsSuspended = true }).Standing(),
        ({ } r, PractitionerResumed) => (r with { IsSuspended = false }).Standing(),
        ({ } r, PractitionerMoved e) => r with { InstitutionId = e.InstitutionId },
        ({ } r, DepartureAnnounced e) => r with { LastDay = e.LastDay },
        ({ } r, PractitionerDeparted e) => r with { Status = PractitionerStatus.Departed, LastDay = e.LastDay },
        ({ } r, StarAwarded e) => r with { Stars = e.Stars, StarsUntil = e.EndsAt },
        ({ } r, StarRevoked) => r with { Stars = 0, StarsUntil = null },
        _ => row,
    };

    private Practitioners Standing() => Status is PractitionerStatus.Registered ? this : this with { Status = IsLapsed || IsSuspended ? PractitionerStatus.Suspended : PractitionerStatus.Active };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record PractitionerPage(IReadOnlyList<Practitioners> Items, Guid? Next);

public static class PractitionersEndpoint
{
    public static void MapPractitioners(this IEndpointRouteBuilder routes) => routes
        .MapGet("/practitioners", Handle).WithName(nameof(Practitioners)).WithSummary("The practitioners of an institution").Public(Readers.Everyone);

    private static async Task<PractitionerPage> Handle(
        Guid institutionId, Rows<Practitioners> rows, CancellationToken ct, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"institution_id = $1 and practitioner_id > $2 order by practitioner_id limit {limit}", ct, institutionId, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].PractitionerId : null);
    }
}
