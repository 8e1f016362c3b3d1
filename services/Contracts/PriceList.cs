using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <summary>Where a service is given: in a community health centre, or in a hospital of the second or third level.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CareLevel>))]
public enum CareLevel { Primary, Secondary, Tertiary }

/// <summary>What of the price the resident pays himself, in percent; the insurer pays the rest.</summary>
/// <param name="Linked">With a contract, in primary care or referred from there.</param>
/// <param name="NotReferred">With a contract, in a hospital without a referral.</param>
/// <param name="NoContract">Without a contract.</param>
public sealed record ResidentShares(int Linked, int NotReferred, int NoContract);

/// <param name="PriceFen">In hundredths of a yuan.</param>
/// <param name="From">First day; the price before holds until the day before.</param>
public sealed record PriceSet(string ServiceCode, CareLevel Level, int PriceFen, ResidentShares Shares, DateOnly From) : DomainEvent;

/// <summary>The city's prices by service and level of institution, each from a day on. One stream a city.</summary>
public sealed record PriceList(ImmutableList<PriceSet> Prices) : IState<PriceList>
{
    /// <summary>A sample, not any city's official list; a city sets its own.</summary>
    public static PriceList Sample { get; } = new(
    [
        new("outpatientVisit", CareLevel.Primary, 1_000, new(10, 10, 30), default),
        new("outpatientVisit", CareLevel.Secondary, 2_500, new(30, 45, 50), default),
        new("outpatientVisit", CareLevel.Tertiary, 5_000, new(40, 60, 65), default),
        new("inpatientDay", CareLevel.Secondary, 60_000, new(20, 30, 35), default),
        new("inpatientDay", CareLevel.Tertiary, 120_000, new(25, 40, 45), default),
        new("ct", CareLevel.Secondary, 22_000, new(30, 45, 50), default),
        new("ct", CareLevel.Tertiary, 28_000, new(35, 55, 60), default),
        new("homeVisit", CareLevel.Primary, 5_000, new(20, 20, 50), default),
    ]);

    public static Guid StreamOf(City city) => Ids.Of($"PriceList:{city.Id}");

    public static PriceList Evolve(PriceList? list, DomainEvent @event) => @event switch
    {
        PriceSet e => new((list ?? Sample).Prices.Add(e)),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow in a price list."),
    };

    /// <summary>What a service costs at a level on a day; of two prices from the same day the later one counts.</summary>
    public PriceSet? On(DateOnly day, string serviceCode, CareLevel level) =>
        Prices.Where(p => p.ServiceCode == serviceCode && p.Level == level && p.From <= day).OrderBy(p => p.From).LastOrDefault();

    /// <summary>The share of a resident today, and why it is that one.</summary>
    public static (int Percent, string Why) ShareOf(PriceSet price, Enrolment? resident, bool isReferred, Moment at) => price.Shares switch
    {
        // Before the linkage came into force a contract changed nothing in what care costs.
        var shares when at.Today < at.Policy.LinkageFrom => (shares.NoContract, "linkageNotInForce"),
        var shares when resident is not { Death: null, MergedInto: null, Contract: { } contract } || !contract.Covers(at.Today) => (shares.NoContract, "noContract"),
        var shares when price.Level is CareLevel.Primary => (shares.Linked, "contract"),
        var shares => isReferred ? (shares.Linked, "contractAndReferral") : (shares.NotReferred, "noReferral"),
    };
}
