using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Printing;

/// <summary>The family bed whose notice somebody shows at the desk. A wrong code finds nothing, like one of another institution; after ten of them within a minute nobody is answered.</summary>
public sealed record BedPickUp(Guid BedId, string Number, BedStatus Status, Guid InstitutionId, DateOnly? OpenedOn, DateOnly? LastDay);

public static class BedPickUpEndpoint
{
    public static void MapBedPickUp(this IEndpointRouteBuilder routes) => routes
        .MapGet("/pick-ups/{code}", Handle).WithName(nameof(BedPickUp)).WithSummary("The family bed of a notice's code").For(Role.Clinic).OfAll();

    private static Task<BedPickUp> Handle(string code, HttpContext http, PickUpCodes codes, IEventStore store, CancellationToken ct) =>
        codes.Find(code, http, async (_, id) => Of(http.OnlyOf(), (await store.Load<FamilyBed>(id, ct)).State), ct);

    /// <param name="only">The institution whose beds he may see; null when he may see all.</param>
    private static BedPickUp? Of(Guid? only, FamilyBed? bed) =>
        bed is { Request: var q } && (only is null || only == q.InstitutionId)
            ? new(q.BedId, Ids.Human('B', q.BedId), bed.Status, q.InstitutionId, bed.Period?.OpenedOn, bed.IsPalliative && bed.Closed is null ? null : bed.LastDay) : null;
}
