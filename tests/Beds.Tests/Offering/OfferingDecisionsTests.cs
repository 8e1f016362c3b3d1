using FamilyDoctor.Beds.Offering;
using FamilyDoctor.IntegrationEvents.Referrals;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Offering;

/// <summary>A bed is offered to whoever leaves hospital and needs care at home.</summary>
public sealed class OfferingDecisionsTests
{
    private static readonly DownReferralFacts Proposed = new(DownReferral, "D-00000001", Resident, null, Team, Institution, "330203", Guid.Empty, "Proposed",
        Institution, true, On("2024-03-01 09:00"), On("2024-03-04 09:00"), null);
    private static readonly DischargeBedOffered Offered = new(Offer, Resident, DownReferral, Team, Institution, "330203", On("2024-03-04 09:00"));
    private static readonly AcceptDischargeOffer Accept = new(null, BedType.Therapeutic, ["I63.9"]);

    [Fact]
    public void An_offer_is_open_for_three_days() => Given<DischargeBedOffer>().And<ResidentBeds>()
        .When("2024-03-01 09:00", (offer, resident, at) => (WhenDownReferralProposed.Decide(Offer, offer, resident, Proposed, at), [])).Then(Offered);

    [Fact]
    public void The_same_message_makes_one_offer() => Given<DischargeBedOffer>(Offered).And<ResidentBeds>()
        .When("2024-03-01 09:00", (offer, resident, at) => (WhenDownReferralProposed.Decide(Offer, offer, resident, Proposed, at), [])).ThenNothing();

    [Fact]
    public void Who_has_a_bed_is_offered_none() => Given<DischargeBedOffer>().And<ResidentBeds>(Taken)
        .When("2024-03-01 09:00", (offer, resident, at) => (WhenDownReferralProposed.Decide(Offer, offer, resident, Proposed, at), [])).ThenNothing();

    [Fact]
    public void An_accepted_offer_is_a_request_even_without_a_contract() => Given<DischargeBedOffer>(Offered).And<FamilyBed>().And<ResidentBeds>()
        .When("2024-03-02 09:00", (offer, bed, resident, at) => Accept.Decide(Bed, offer, bed, resident, null, at))
        .Then(new DischargeBedOfferAccepted(Offer, Bed),
            new BedRequested(Bed, Resident, null, 0, Team, Institution, "330203", BedOrigin.HospitalDischarge, BedType.Therapeutic, ["I63.9"], On("2024-03-02 09:00")),
            Taken);

    [Fact]
    public void With_a_contract_the_bed_rests_on_it() => Assert.Equal(ContractId, Assert.Single(Given<DischargeBedOffer>(Offered).And<FamilyBed>().And<ResidentBeds>()
        .When("2024-03-02 09:00", (offer, bed, resident, at) => Accept.Decide(Bed, offer, bed, resident, Right, at)).Events.OfType<BedRequested>()).ContractId);

    [Fact]
    public void Accepting_twice_is_accepting_once() => Given<DischargeBedOffer>(Offered, new DischargeBedOfferAccepted(Offer, Bed)).And<FamilyBed>(ARequest).And<ResidentBeds>(Taken)
        .When("2024-03-02 09:00", (offer, bed, resident, at) => Accept.Decide(Bed, offer, bed, resident, null, at)).ThenNothing();

    [Fact]
    public void Somebody_has_to_care() => Given<DischargeBedOffer>(Offered with { TeamId = null }).And<FamilyBed>().And<ResidentBeds>()
        .When("2024-03-02 09:00", (offer, bed, resident, at) => Accept.Decide(Bed, offer, bed, resident, null, at)).ThenRefused("BED_NOT_ELIGIBLE");

    [Fact]
    public void Who_has_a_bed_by_now_cannot_accept() => Given<DischargeBedOffer>(Offered).And<FamilyBed>().And<ResidentBeds>(new ResidentBedTaken(Resident, OtherBed))
        .When("2024-03-02 09:00", (offer, bed, resident, at) => Accept.Decide(Bed, offer, bed, resident, null, at)).ThenRefused("BED_ALREADY_OPEN");

    [Fact]
    public void An_offer_may_be_declined() => Given<DischargeBedOffer>(Offered)
        .When("2024-03-02 09:00", (offer, _) => new DeclineDischargeOffer("familyCares").Decide(offer)).Then(new DischargeBedOfferDeclined(Offer, "familyCares"));

    [Fact]
    public void An_unanswered_offer_expires() => Given<DischargeBedOffer>(Offered)
        .When("2024-03-04 09:00", ExpireDischargeOffer.Decide).Then(new DischargeBedOfferExpired(Offer));

    [Fact]
    public void An_offer_does_not_expire_before_its_time() => Given<DischargeBedOffer>(Offered).When("2024-03-04 08:59", ExpireDischargeOffer.Decide).ThenNothing();

    [Fact]
    public void An_offer_by_hand_is_open_for_three_days_too_and_an_answered_one_waits_for_nothing()
    {
        Given<DischargeBedOffer>().And<ResidentBeds>().When("2024-03-01 09:00", (offer, resident, at) =>
            (new OfferDischargeBed(Offer, Resident, DownReferral, Institution, Team).Decide(Offer, offer, resident, "330203", at), [])).Then(Offered);
        Assert.Equal([new(nameof(ExpireDischargeOffer), Offered.ExpiresAt)], DischargeBedOffer.Deadlines(DischargeBedOffer.Evolve(null, Offered)));
        Assert.Empty(DischargeBedOffer.Deadlines(DischargeBedOffer.Evolve(DischargeBedOffer.Evolve(null, Offered), new DischargeBedOfferDeclined(Offer, "familyCares"))));
    }

    [Fact]
    public void An_answered_offer_does_not_expire() => Given<DischargeBedOffer>(Offered, new DischargeBedOfferDeclined(Offer, "familyCares"))
        .When("2024-03-04 09:00", ExpireDischargeOffer.Decide).ThenNothing();

    [Fact]
    public void An_expired_offer_cannot_be_accepted() => Given<DischargeBedOffer>(Offered, new DischargeBedOfferExpired(Offer)).And<FamilyBed>().And<ResidentBeds>()
        .When("2024-03-05 09:00", (offer, bed, resident, at) => Accept.Decide(Bed, offer, bed, resident, null, at)).ThenRefused("INVALID_TRANSITION");
}
