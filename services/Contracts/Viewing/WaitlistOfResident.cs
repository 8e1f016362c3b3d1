using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>A session that a resident waits for, or was offered a slot of.</summary>
/// <param name="Sequence">Place in the log of his joining.</param>
public sealed record WaitlistOfResident(Guid PlaceId, Guid ResidentId, Guid SessionId, bool IsOffered, long Sequence) : IRow<WaitlistOfResident>
{
    public static IEnumerable<string> Indexes => ["resident_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        WaitlistJoined e => [Of(e.SessionId, e.ResidentId)],
        WaitlistOffered e => [Of(e.SessionId, e.ResidentId)],
        WaitlistOfferExpired e => [Of(e.SessionId, e.ResidentId)],
        WaitlistLeft e => [Of(e.SessionId, e.ResidentId)],
        _ => [],
    };

    public static WaitlistOfResident? Evolve(WaitlistOfResident? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, WaitlistJoined e) => new(id, e.ResidentId, e.SessionId, false, recorded.Sequence),
        ({ } r, WaitlistOffered) => r with { IsOffered = true },
        _ => null,
    };

    private static Guid Of(Guid session, Guid resident) => Ids.Of(session, $"waits:{resident}");
}

public static class WaitlistOfResidentEndpoint
{
    public static void MapWaitlistOfResident(this IEndpointRouteBuilder routes) => routes
        .MapGet("/residents/{residentId:guid}/waitlist", Handle).WithName(nameof(WaitlistOfResident))
        .WithSummary("The sessions that a resident waits for").For(Role.Clinic, Role.Resident);

    private static async Task<IReadOnlyList<WaitlistOfResident>> Handle(Guid residentId, Rows<WaitlistOfResident> rows, CancellationToken ct) =>
        await rows.Where("resident_id = $1 order by sequence limit 200", ct, residentId);
}
