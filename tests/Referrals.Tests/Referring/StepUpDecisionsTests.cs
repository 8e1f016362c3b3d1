using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Referrals.Tests.Referring;

/// <summary>Somebody gets urgently worse at home: the green channel, and the ambulance where it leads nowhere.</summary>
public sealed class StepUpDecisionsTests
{
    private static readonly Guid Visit = new("00000000-0000-7000-8000-00000000000a"), FamilyBed = new("00000000-0000-7000-8000-00000000000b");
    private static readonly DeteriorationDetected Worse = new(
        new(Visit, FamilyBed, Resident, Nurse, Team, Institution, "330203", "Started", Time("2024-03-15 07:30"), Time("2024-03-15 08:00")),
        8, ["8867-4", "9279-1"], "urgent", Time("2024-03-15 08:20"));
    private static readonly GreenDoor Door = new(Hospital, "cardiology", BookId, ByAmbulance: false);
    private static readonly Moment Now = At("2024-03-15 07:50");

    [Fact]
    public void He_has_an_urgent_slot_at_once_and_the_hospital_has_half_an_hour_to_say_that_it_expects_him()
    {
        var (own, quota, others) = Decide(Door, Published);
        Assert.Equal(
            [typeof(ReferralDrafted), typeof(ReferralSlotHeld), typeof(ReferralSubmitted), typeof(ReferralFastTracked), typeof(ReferralAuthorised), typeof(ReferralSteppedUp)],
            own.Select(e => e.GetType()));
        Assert.Equal([new SlotHeld(Id, 0, Pool.Urgent, Time("2024-03-15 08:05")), new SlotBooked(Id, 0, Pool.Urgent)], quota);
        Assert.Equal([new ReferralOpened(Id, "cardiology")], others);
        var referral = own.Aggregate((Referral?)null, Referral.Evolve)!;
        Assert.Equal((ReferralStatus.Scheduled, ReferralPriority.Urgent, Team, ContractId), (referral.Status, referral.Draft.Priority, referral.Draft.TeamId, referral.Draft.ContractId!.Value));
        Assert.Equal([new Deadline(nameof(EscalateReferral), Worse.DueAt)], Referral.Deadlines(referral));
    }

    [Fact]
    public void Without_a_slot_that_door_stays_shut_and_the_ambulance_needs_none()
    {
        DomainEvent[] full = [Published, new SlotHeld(OtherId, 0, Pool.Urgent, Worse.DueAt), new SlotHeld(Nurse, 1, Pool.FamilyDoctor, Worse.DueAt),
            new SlotHeld(Gp, 2, Pool.FamilyDoctor, Worse.DueAt)];
        Assert.Empty(Decide(Door, full).Referral);
        Assert.Empty(Decide(Door).Referral); // no day at all
        Assert.Empty(Decide(Door, [Published], at: "2024-03-15 20:00").Referral); // the day is over

        var (own, quota, _) = Decide(Door with { ByAmbulance = true });
        Assert.Empty(quota);
        Assert.Equal([new ReferralSteppedUp(Id, Visit, FamilyBed, "emergency", Worse.DueAt), new EmergencyRouteTaken(Id, "noSlot", "district")], own.TakeLast(2));
        var referral = own.Aggregate((Referral?)null, Referral.Evolve)!;
        Assert.Equal((ReferralStatus.Scheduled, ReferralPriority.Emergency, null), (referral.Status, referral.Draft.Priority, referral.Slot));
    }

    [Fact]
    public void Whoever_has_no_contract_has_the_urgent_slots_only_and_stays_his_visit_s_team_s()
    {
        var (own, _, _) = WhenDeteriorationDetected.Decide(Id, null, Fold<QuotaBook>([Published]), null, Worse, null, Door, Now);
        var drafted = own.OfType<ReferralDrafted>().Single();
        Assert.Equal((null, Team, Institution, "330203"), (drafted.ContractId, drafted.TeamId, drafted.FromOrg, drafted.DistrictCode));
        Assert.Empty(WhenDeteriorationDetected.Decide(Id, null, Fold<QuotaBook>([Published, new SlotHeld(OtherId, 0, Pool.Urgent, Worse.DueAt)]), null, Worse, null, Door, Now).Referral);
    }

    [Fact]
    public void Told_twice_it_is_one_referral_and_found_again_on_another_visit_it_is_the_same()
    {
        var (own, _, _) = Decide(Door, Published);
        var referral = own.Aggregate((Referral?)null, Referral.Evolve);
        Assert.Empty(WhenDeteriorationDetected.Decide(Id, referral, Fold<QuotaBook>([Published]), null, Worse, Contract(), Door, Now).Referral);
        Assert.Empty(WhenDeteriorationDetected.FoundAgain(referral, Worse));

        var again = Worse with { Visit = Worse.Visit with { VisitId = OtherId }, Triggers = ["8310-5"] };
        var found = WhenDeteriorationDetected.FoundAgain(referral, again).ToList();
        Assert.Equal(new ReferralSteppedUp(Id, OtherId, FamilyBed, "greenChannel", Worse.DueAt), found[^1]);
        var after = found.Aggregate(referral, Referral.Evolve);
        Assert.Contains("8310-5", after!.ConditionCodes);
        Assert.Empty(WhenDeteriorationDetected.FoundAgain(after, again));
        var there = Referral.Evolve(after, new PatientArrived(Id, Worse.DueAt, true, Worse.DueAt.AddDays(7)));
        Assert.Empty(WhenDeteriorationDetected.FoundAgain(there, again with { Visit = again.Visit with { VisitId = Gp } }));
    }

    [Fact]
    public void Who_lost_his_contract_has_the_urgent_slot_all_the_same_without_it()
    {
        var own = WhenDeteriorationDetected.Decide(Id, null, Fold<QuotaBook>([Published]), null, Worse, Contract("Terminated"), Door, Now).Referral.ToList();
        Assert.Null(own.OfType<ReferralDrafted>().Single().ContractId);
        var first = own.Aggregate((Referral?)null, Referral.Evolve)!;
        Assert.Equal(Visit, Referral.Evolve(first, new ReferralSteppedUp(Id, OtherId, null, "greenChannel", Worse.DueAt)).StepUp!.VisitId);
    }

    [Fact]
    public void A_second_one_for_the_same_service_says_why()
    {
        var others = Fold<ResidentReferrals>([new ReferralOpened(OtherId, "cardiology")]);
        var drafted = WhenDeteriorationDetected.Decide(Id, null, Fold<QuotaBook>([Published]), others, Worse, Contract(), Door, Now).Referral.OfType<ReferralDrafted>().Single();
        Assert.Equal((OtherId, "deterioration"), (drafted.DuplicateOf, drafted.DuplicateReason));
    }

    [Fact]
    public void Nobody_confirms_and_three_offices_hear_of_it_half_an_hour_after_each_other()
    {
        var referral = Decide(Door, Published).Referral.Aggregate((Referral?)null, Referral.Evolve);
        foreach (var (level, office, at, next) in new[] { (1, "referralOffice", "08:20", "08:50"), (2, "district", "08:50", "09:20"), (3, "commission", "09:20", null) })
        {
            Assert.Empty(EscalateReferral.Decide(referral, At($"2024-03-15 {at}") with { Now = Time($"2024-03-15 {at}").AddTicks(-1) }));
            var overdue = EscalateReferral.Decide(referral, At($"2024-03-15 {at}")).Single();
            Assert.Equal(new ReferralOverdue(Id, level, office, next is null ? null : Time($"2024-03-15 {next}")), overdue);
            referral = Referral.Evolve(referral, overdue);
        }
        Assert.Empty(Referral.Deadlines(referral!));
    }

    [Fact]
    public void Confirmed_or_arrived_nobody_is_called()
    {
        var referral = Decide(Door, Published).Referral.Aggregate((Referral?)null, Referral.Evolve);
        var confirmed = new AcceptReferral().Decide(referral, null, new("desk", Role.Hospital), Now).Referral.Aggregate(referral, Referral.Evolve)!;
        Assert.Empty(Referral.Deadlines(confirmed));
        Assert.Empty(EscalateReferral.Decide(confirmed, At("2024-03-15 12:00")));
        var arrived = new RecordArrival(true).Decide(referral, Now).Aggregate(referral, Referral.Evolve)!;
        Assert.Empty(Referral.Deadlines(arrived));
        Assert.Empty(EscalateReferral.Decide(arrived, At("2024-03-15 12:00")));
    }

    [Fact]
    public void The_designated_hospital_comes_first_then_the_district_s_then_the_others_and_the_ambulance_last()
    {
        HospitalFacts far = Hospital with { HospitalId = OtherId, DistrictCode = "330299", Level = 3 }, near = Hospital, designated = Hospital with { HospitalId = Gp, DistrictCode = "330288", Services = ["emergency"] };
        var withSlots = new[] { (OtherId, "cardiology", OtherId), (HospitalId, "neurology", Nurse), (HospitalId, "cardiology", BookId), (Gp, "emergency", Gp) };
        var plain = GreenChannel.InOrder([far, near, designated], withSlots, "330203", Policy.Default);
        Assert.Equal([(HospitalId, "cardiology"), (HospitalId, "neurology"), (OtherId, "cardiology"), (Gp, "emergency"), (HospitalId, "cardiology")],
            plain.Select(d => (d.Hospital.HospitalId, d.Service)));
        Assert.Equal([false, false, false, false, true], plain.Select(d => d.ByAmbulance));

        var policy = Policy.Default with { GreenChannelHospitals = new Dictionary<string, IReadOnlyList<Guid>> { ["330203"] = [Gp] } };
        var named = GreenChannel.InOrder([far, near, designated], withSlots, "330203", policy);
        Assert.Equal((Gp, Gp), (named[0].Hospital.HospitalId, named[^1].Hospital.HospitalId));
        Assert.Equal("emergency", Assert.Single(GreenChannel.InOrder([Hospital with { Services = ["dentistry"] }], [], "330203", Policy.Default)).Service);
        Assert.Empty(GreenChannel.InOrder([], [], "330203", Policy.Default));
    }

    private static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(GreenDoor door, params DomainEvent[] book) =>
        Decide(door, book, "2024-03-15 07:50");

    private static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(GreenDoor door, DomainEvent[] book, string at) =>
        WhenDeteriorationDetected.Decide(Id, null, Fold<QuotaBook>(book), null, Worse, Contract(), door, At(at));

    private static T? Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), T.Evolve);
}
