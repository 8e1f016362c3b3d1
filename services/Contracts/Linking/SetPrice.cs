using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Linking;

public sealed record ResidentSharesForm(
    [Required, Range(0, 100)] int? Linked, [Required, Range(0, 100)] int? NotReferred, [Required, Range(0, 100)] int? NoContract);

/// <summary>The commission sets what a service costs at a level from a day on, and what of it residents pay themselves.</summary>
public sealed record SetPrice(
    [Required, MaxLength(40)] string? ServiceCode, [Required] CareLevel? Level, [Required, Range(0, 100_000_000)] int? PriceFen,
    [Required] ResidentSharesForm? Shares, [Required] DateOnly? From)
{
    public IEnumerable<DomainEvent> Decide(PriceList? list, Moment at)
    {
        var shares = new ResidentShares(Shares!.Linked!.Value, Shares.NotReferred!.Value, Shares.NoContract!.Value);
        if (shares.Linked > shares.NotReferred || shares.NotReferred > shares.NoContract)
            throw new RuleBroken("PRICE_INVALID", "Who has no referral, and then who has no contract, never pays less.", new { shares });
        var price = new PriceSet(ServiceCode!, Level!.Value, PriceFen!.Value, shares, From!.Value);
        if (list?.Prices.LastOrDefault(p => p.ServiceCode == price.ServiceCode && p.Level == price.Level && p.From == price.From) == price)
            return []; // set already
        // What residents were told a service costs is not changed afterwards; a service's first price may have been in force before.
        var from = list?.Prices.Exists(p => p.ServiceCode == price.ServiceCode && p.Level == price.Level) == true ? at.Today : at.Policy.LinkageFrom;
        return price.From >= from ? [price]
            : throw new RuleBroken("EFFECTIVE_DATE_INVALID", "A new price takes effect today or later, the first one with the linkage.", new { from });
    }
}

public static class SetPriceEndpoint
{
    public static void MapSetPrice(this IEndpointRouteBuilder routes) => routes
        .MapPost("/prices", async (SetPrice command, HttpContext http, Runner runner, City city, CancellationToken ct) =>
            new Decided(await runner.Execute<PriceList>(PriceList.StreamOf(city), http.Envelope(), command.Decide, ct)))
        .WithName(nameof(SetPrice)).WithSummary("Set the price of a service").For(Role.Commission);
}
