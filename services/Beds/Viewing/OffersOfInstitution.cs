using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A bed offered at discharge, in the list of the institution that has to call.</summary>
public sealed record OffersOfInstitution(
    Guid OfferId, Guid ResidentId, Guid InstitutionId, Guid DownReferralId, OfferStatus Status, DateTimeOffset ExpiresAt, Guid? BedId)
    : IRow<OffersOfInstitution>
{
    static int IRow<OffersOfInstitution>.Version => 2;

    public static IEnumerable<string> Indexes => ["institution_id, offer_id", "resident_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is DischargeBedOffered or DischargeBedOfferAccepted or DischargeBedOfferDeclined or DischargeBedOfferExpired or DischargeBedOfferRehomed ? [recorded.StreamId] : [];

    public static OffersOfInstitution? Evolve(OffersOfInstitution? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, DischargeBedOffered e) => new(id, e.ResidentId, e.InstitutionId, e.DownReferralId, OfferStatus.Open, e.ExpiresAt, null),
        ({ } o, DischargeBedOfferAccepted e) => o with { Status = OfferStatus.Accepted, BedId = e.BedId },
        ({ } o, DischargeBedOfferDeclined) => o with { Status = OfferStatus.Declined },
        ({ } o, DischargeBedOfferRehomed e) => o with { InstitutionId = e.InstitutionId },
        ({ } o, DischargeBedOfferExpired) => o with { Status = OfferStatus.Expired },
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record OfferPage(IReadOnlyList<OffersOfInstitution> Items, Guid? Next);

public static class OffersOfInstitutionEndpoint
{
    public static void MapOffersOfInstitution(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/bed-offers", Handle).WithName(nameof(OffersOfInstitution)).WithSummary("The beds an institution offers to residents who leave hospital")
            .For(Role.Clinic, Role.Commission);
        routes.MapGet("/bed-offers/{offerId:guid}", async (Guid offerId, Rows<OffersOfInstitution> rows, CancellationToken ct) =>
            await rows.Find(offerId, ct) ?? throw new UnknownId()).WithName("OfferDetails").WithSummary("A bed offered at discharge")
            .For(Role.Clinic, Role.Commission, Role.Service);
    }

    private static async Task<OfferPage> Handle(
        Guid institutionId, Rows<OffersOfInstitution> rows, CancellationToken ct, Guid? after = null, OfferStatus status = OfferStatus.Open, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"institution_id = $1 and offer_id > $2 and status = $3 order by offer_id limit {limit}", ct,
            institutionId, after ?? Guid.Empty, status.ToString());
        return new(items, items.Count == limit ? items[^1].OfferId : null);
    }
}
