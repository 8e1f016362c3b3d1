using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Booking;

/// <summary>What a booking made ahead becomes when its contract changes.</summary>
public sealed class EndedBookingsTests
{
    private static readonly Guid Session = new("00000000-0000-7000-8000-000000000031"), Mine = new("00000000-0000-7000-8000-000000000033"),
        Another = new("00000000-0000-7000-8000-000000000034"), OtherTeam = new("00000000-0000-7000-8000-000000000012");
    private static readonly SessionPublished Published = new(Session, Team, Institution, "330203", "clinic", At("2024-06-03 09:00").Now, 30, 1);
    private static readonly AppointmentBooked Booked = new(
        Mine, Session, 0, Resident, ContractId, Team, Institution, "330203", "clinic", Published.Start, Published.Start.AddMinutes(30));
    private static readonly ClinicSession Full = Fold<ClinicSession>(Published, new SessionSlotTaken(Session, 0, Mine));
    private static readonly DomainEvent[] Died =
        [.. ASignedResident, new ResidentDied(new(2024, 6, 1), "hospital"), new ContractTerminated(ContractId, TerminationReason.Died, new(2024, 6, 1), "service")];
    private static readonly ContractTransferred ToOther = new(ContractId, Team, OtherTeam, Institution, Gp, "residentWish", false, new(2024, 6, 1));

    public static TheoryData<string, string?> Reasons => new()
    {
        { "terminated", "contractEnded" }, { "expired", "contractEnded" }, { "enteredInError", "contractEnded" }, { "died", "residentDied" },
        { "transferred", "teamChanged" }, { "transferredAndBack", null }, { "inGrace", null }, { "diedAndReinstated", null }, { "merged", null }, { "nothing", null },
    };

    [Theory, MemberData(nameof(Reasons))]
    public void A_booking_ends_with_the_right_to_it_and_says_why(string what, string? reason)
    {
        var (resident, left) = Is(what);
        var (appointment, session) = WhenContractEndedThenBookingsEnd.Decide(Fold<Appointment>(Booked), Full, resident, left, At("2024-06-01 09:00"));
        Assert.Equal(reason is null ? [] : [new AppointmentCancelled(Mine, "service", reason, 48)], appointment);
        Assert.Equal(reason is null ? [] : [new SessionSlotFreed(Session, 0, Mine)], session);
    }

    [Theory, MemberData(nameof(Reasons))]
    public void A_place_on_a_waitlist_ends_likewise(string what, string? reason)
    {
        var (resident, left) = Is(what);
        var waited = Fold<ClinicSession>(Published, new SessionSlotTaken(Session, 0, Another), new WaitlistJoined(Session, Resident));
        Assert.Equal(reason is null ? [] : [new WaitlistLeft(Session, Resident, reason)],
            WhenContractEndedThenBookingsEnd.Leave(Resident, waited, resident, left, At("2024-06-01 09:00")));
    }

    [Fact]
    public void The_slot_is_offered_to_who_waits_longest()
    {
        var waited = ClinicSession.Evolve(Full, new WaitlistJoined(Session, Another));
        var session = WhenContractEndedThenBookingsEnd.Decide(Fold<Appointment>(Booked), waited, Is("terminated").Resident, null, At("2024-06-01 09:00")).Session;
        Assert.Equal([new SessionSlotFreed(Session, 0, Mine), new WaitlistOffered(Session, Another, 0, At("2024-06-01 09:15").Now)], session);
    }

    [Fact]
    public void What_has_begun_is_not_cancelled_any_more() => Assert.Empty(
        WhenContractEndedThenBookingsEnd.Decide(Fold<Appointment>(Booked), Full, Is("terminated").Resident, null, At("2024-06-03 09:00")).Appointment);

    [Fact]
    public void With_another_team_than_the_one_he_left_he_keeps_his_booking() => Assert.Empty(WhenContractEndedThenBookingsEnd.Decide(
        Fold<Appointment>(Booked with { TeamId = Another }), Full, Is("transferred").Resident, Team, At("2024-06-01 09:00")).Appointment);

    [Fact]
    public void A_booking_that_moves_meanwhile_is_looked_at_again() => Assert.Throws<Busy>(() => WhenContractEndedThenBookingsEnd.Decide(
        Fold<Appointment>(Booked with { SessionId = Another }), Full, Is("terminated").Resident, null, At("2024-06-01 09:00")));

    private static (Enrolment? Resident, Guid? Left) Is(string what) => what switch
    {
        "terminated" => (Fold<Enrolment>([.. ASignedResident, new ContractTerminated(ContractId, TerminationReason.MovedOut, new(2024, 6, 1), "clinic")]), null),
        "expired" => (Fold<Enrolment>([.. ASignedResident, Grace, Expired]), null),
        "enteredInError" => (Fold<Enrolment>([.. ASignedResident, new ContractEnteredInError(ContractId, "wrongTeam")]), null),
        "died" => (Fold<Enrolment>(Died), null),
        "transferred" => (Fold<Enrolment>([.. ASignedResident, ToOther]), Team),
        "transferredAndBack" => (Fold<Enrolment>([.. ASignedResident, ToOther, ToOther with { FromTeam = OtherTeam, ToTeam = Team }]), Team),
        "inGrace" => (Fold<Enrolment>([.. ASignedResident, Grace]), null),
        "diedAndReinstated" => (Fold<Enrolment>([.. Died, new ResidentDeathReversed("wrongPerson"), new ContractReinstated(ContractId, Team)]), null),
        "merged" => (Fold<Enrolment>([.. ASignedResident, new ContractEnteredInError(ContractId, "duplicate"), new ResidentsMerged(Another, Resident)]), null),
        _ => (Fold<Enrolment>(ASignedResident), null),
    };

    private static T Fold<T>(params DomainEvent[] history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e))!;
}
