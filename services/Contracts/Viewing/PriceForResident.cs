using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>What a service costs a resident at a level today: the price, his share, and why it is that one.</summary>
/// <param name="Why">contract, contractAndReferral, noReferral, noContract or linkageNotInForce.</param>
/// <param name="Shares">What he would pay with and without a contract and a referral.</param>
public sealed record PriceForResident(
    Guid ResidentId, string ServiceCode, CareLevel Level, int PriceFen, DateOnly From, int SharePercent, int ShareFen, string Why,
    ResidentShares Shares, int PolicyVersion)
{
    public static PriceForResident Of(Guid residentId, PriceSet price, Enrolment? resident, bool isReferred, Moment at)
    {
        var (percent, why) = PriceList.ShareOf(price, resident, isReferred, at);
        return new(residentId, price.ServiceCode, price.Level, price.PriceFen, price.From, percent,
            (int)Math.Round(price.PriceFen * percent / 100m, MidpointRounding.AwayFromZero), why, price.Shares, at.PolicyVersion);
    }
}

public static class PriceForResidentEndpoint
{
    public static void MapPriceForResident(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/residents/{residentId:guid}/prices/{serviceCode}", Handle).WithName(nameof(PriceForResident))
            .WithSummary("What a service costs a resident").For(Role.Clinic, Role.Hospital, Role.Commission, Role.Resident);
        routes.MapGet("/prices", async (IEventStore store, City city, CancellationToken ct) =>
            ((await store.Load<PriceList>(PriceList.StreamOf(city), ct)).State ?? PriceList.Sample).Prices)
            .WithName(nameof(PriceList)).WithSummary("The city's prices, by the day they take effect")
            .Public(Role.Clinic, Role.Hospital, Role.Commission, Role.Resident);
    }

    /// <param name="referred">Whether he comes with a referral that was accepted; who asks has it at hand.</param>
    private static async Task<PriceForResident> Handle(
        Guid residentId, string serviceCode, CareLevel level, IEventStore store, City city, PolicyBook policies, TimeProvider clock,
        CancellationToken ct, bool referred = false)
    {
        var at = policies.At(clock.GetUtcNow());
        var (list, _) = await store.Load<PriceList>(PriceList.StreamOf(city), ct);
        var (resident, _) = await store.Load<Enrolment>(residentId, ct);
        if (resident is null || (list ?? PriceList.Sample).On(at.Today, serviceCode, level) is not { } price)
            throw new UnknownId();
        return PriceForResident.Of(residentId, price, resident, referred, at);
    }
}
