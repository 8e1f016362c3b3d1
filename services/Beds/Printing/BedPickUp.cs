using System.Security.Claims;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Printing;

/// <summary>The family bed whose notice somebody shows at the desk. A wrong code finds nothing, like one of another institution; after ten of them within a minute nobody is answered.</summary>
public sealed record BedPickUp(Guid BedId, string Number, BedStatus Status, Guid InstitutionId, DateOnly? OpenedOn, DateOnly? LastDay);

public static class BedPickUpEndpoint
{
    public static void MapBedPickUp(this IEndpointRouteBuilder routes) => routes
        .MapGet("/pick-ups/{code}", Handle).WithName(nameof(BedPickUp)).WithSummary("The family bed of a notice's code").For(Role.Clinic);

    private static Task<BedPickUp> Handle(string code, HttpContext http, PickUpCodes codes, IEventStore store, CancellationToken ct) =>
        codes.Find(code, http, async (_, id) => Of(http.User, (await store.Load<FamilyBed>(id, ct)).State), ct);

    /// <summary>Whoever says for whom he works finds only the beds of that institution.</summary>
    private static BedPickUp? Of(ClaimsPrincipal user, FamilyBed? bed) =>
        bed is { Request: var q } && (!Guid.TryParse(user.FindFirstValue("org"), out var house) || house == q.InstitutionId)
            ? new(q.BedId, Ids.Human('B', q.BedId), bed.Status, q.InstitutionId, bed.Period?.OpenedOn, bed.IsPalliative && bed.Closed is null ? null : bed.LastDay) : null;
}
