using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.Contracts.Households;
using FamilyDoctor.Contracts.Merging;
using FamilyDoctor.Contracts.Panels;
using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.Contracts.Transferring;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>The moment before and the neighbour beside: what the tables, with one case a row, do not try.</summary>
public sealed class EdgesTests
{
    private static readonly Guid OtherTeam = new("00000000-0000-7000-8000-000000000012"), Somebody = new("00000000-0000-7000-8000-000000000013"),
        Session = new("00000000-0000-7000-8000-000000000031"), Mine = new("00000000-0000-7000-8000-000000000033"), Household = new("00000000-0000-7000-8000-000000000015");
    private static readonly Actor Clerk = new("clerk", Role.Clinic);
    private static readonly ContractRenewed Renewed =
        new(ContractId, NewContract, Team, new(2025, 3, 1), new(2026, 2, 28), DateTimeOffset.Parse("2026-02-28T16:00:00Z"), 12, 0, Gp);
    private static readonly ContractReassignmentRequired Required = new(ContractId, Team, OtherTeam, new(2024, 6, 30), DateTimeOffset.Parse("2024-06-30T16:00:00Z"));
    private static readonly SessionPublished Published = new(
        Session, Team, Institution, "330203", "clinic", At("2024-06-03 09:00").Now, 30, 2, 70, At("2024-06-02 09:00").Now, At("2024-06-03 10:00").Now);
    private static readonly Enrolment Resident_ = Fold<Enrolment>(ASignedResident);
    private static readonly TeamPanel Panel_ = Fold<TeamPanel>(APanelWithHim), Leaving = Panel_ with { Leaving = new(0, 0) };

    [Fact]
    public void An_id_that_an_older_contract_had_is_not_given_again()
    {
        var ended = Fold<Enrolment>([.. ASignedResident, Renewed, new ContractTerminated(NewContract, TerminationReason.MovedOut, new(2025, 4, 1), "clinic")]);
        Assert.Equal("INVALID_TRANSITION", Refused(() => new ApplyForContract(ContractId, Resident, Team).Decide(ContractId, ended, Fold<TeamPanel>(Panel), Catalogue, At("2025-05-01 09:00"))));
        var renewed = Fold<Enrolment>([.. ASignedResident, Renewed]);
        Assert.Equal("INVALID_TRANSITION", Refused(() => new RenewContract().Decide(NewContract, ContractId, renewed, Panel_, Catalogue, At("2026-01-10 09:00"))));
    }

    [Fact]
    public void Going_to_the_own_team_changes_nothing()
    {
        var (contract, from, to) = new TransferContract(Team, "residentWish", ConsentMethod: "inPerson").Decide(ContractId, Resident_, Panel_, Panel_, Clerk, At("2024-06-01 09:00"));
        Assert.Empty(contract.Concat(from).Concat(to));
    }

    [Fact]
    public void A_death_is_reversed_without_the_contract_when_the_team_takes_nobody()
    {
        var died = Fold<Enrolment>([.. ASignedResident, new ResidentDied(new(2024, 5, 20), "hospital"),
            new ContractTerminated(ContractId, TerminationReason.Died, new(2024, 5, 20), "service")]);
        var (resident, panel, _) = new ReverseDeath("wrongPerson").Decide(died, Fold<TeamPanel>(Panel with { Accepting = false }), null, At("2024-06-01 09:00"));
        Assert.Equal([new ResidentDeathReversed("wrongPerson")], resident);
        Assert.Empty(panel);
    }

    [Fact]
    public void What_the_clock_does_it_does_not_do_before_its_time()
    {
        Assert.Empty(LapseApplication.Decide(Fold<Enrolment>(Registered, Eligible, Applied), Fold<TeamPanel>(Panel, Reserved), At("2024-03-15 08:59")).Item1);
        Assert.Empty(SendRenewalReminder.Decide(Resident_, At("2024-11-30 08:59")));
        Assert.Empty(ExpireContract.Decide(Fold<Enrolment>([.. ASignedResident, Grace]), Panel_, null, At("2025-03-30 23:59")).Item1);
        var due = Fold<Enrolment>([.. ASignedResident, new ServiceObligationScheduled(Somebody, ContractId, "basic", "followUp", 2, new(2025, 2, 28), Signed.EndsAt)]);
        Assert.Empty(MissObligation.Decide(due, At("2025-02-28 23:59")));
        Assert.Empty(CloseSession.Decide(Fold<ClinicSession>(Published), At("2024-06-03 09:59")));
        var offered = Fold<ClinicSession>(Published, new SessionSlotTaken(Session, 0, Mine), new WaitlistJoined(Session, Resident),
            new SessionSlotFreed(Session, 0, Mine), new WaitlistOffered(Session, Resident, 0, At("2024-06-01 09:15").Now));
        Assert.Empty(OfferWaitlistSlot.Decide(offered, At("2024-06-01 09:14")));
    }

    [Fact]
    public void A_slot_of_the_past_is_offered_to_nobody()
    {
        var waited = Fold<ClinicSession>(Published, new SessionSlotTaken(Session, 0, Mine), new WaitlistJoined(Session, Resident), new WaitlistJoined(Session, Somebody));
        Assert.Equal([new SessionSlotFreed(Session, 0, Mine)], ClinicSession.Freed(waited, 0, Mine, At("2024-06-03 09:00")));
        var offered = new DomainEvent[] { new SessionSlotFreed(Session, 0, Mine), new WaitlistOffered(Session, Resident, 0, Published.Start) }.Aggregate(waited, ClinicSession.Evolve);
        Assert.Equal([new WaitlistOfferExpired(Session, Resident, 0)], OfferWaitlistSlot.Decide(offered, At("2024-06-03 09:00")));
        Assert.Equal([new WaitlistLeft(Session, Resident)], LeaveWaitlist.Decide(Resident, offered, At("2024-06-03 09:00")));
    }

    [Fact]
    public void A_slot_that_somebody_has_cannot_be_wished_for()
    {
        var session = Fold<ClinicSession>(Published, new SessionSlotTaken(Session, 1, Somebody));
        Assert.Equal("SLOT_TAKEN", Refused(() => new BookAppointment(Mine, Session, Resident, 1).Decide(Mine, null, session, Resident_, At("2024-06-01 09:00"))));
        Assert.Equal("SLOT_TAKEN", Refused(() => new BookAppointment(Mine, Session, Resident, 2).Decide(Mine, null, session, Resident_, At("2024-06-01 09:00"))));
    }

    [Fact]
    public void Only_a_team_that_leaves_lets_its_own_contracts_look_for_another()
    {
        var successor = Fold<TeamPanel>(Panel with { TeamId = OtherTeam });
        Assert.NotEmpty(Require(Team, Leaving));
        Assert.Empty(Require(Team, Panel_));
        Assert.Empty(Require(OtherTeam, Leaving));
        var waiting = Fold<Enrolment>([.. ASignedResident, Required]);
        Assert.NotEmpty(CancelReassignment.Decide(Team, waiting, Panel_, successor).Item1);
        Assert.Empty(CancelReassignment.Decide(Team, waiting, Leaving, successor).Item1);
        Assert.Empty(CancelReassignment.Decide(OtherTeam, waiting, Panel_, successor).Item1);
        var running = Fold<TeamReassignment>(new ReassignmentStarted(Team, new(2024, 4, 10), "merger", [], 5, Morning));
        Assert.Empty(WhenTeamDisbandedThenHandOver.Decide(running, new TeamDisbanded(Team) { StreamVersion = 5 }, At("2024-04-01 09:00")));

        IEnumerable<DomainEvent> Require(Guid team, TeamPanel panel) =>
            RequireReassignment.Decide(team, new(2024, 12, 31), Resident_, panel, successor, false, At("2024-06-01 09:00")).Item1;
    }

    [Fact]
    public void A_contract_belongs_where_its_own_team_is_also_when_it_comes_back()
    {
        var moved = Panel_ with { InstitutionId = Somebody };
        Assert.Equal([new ContractRehomed(ContractId, Team, Institution, Somebody)], WhenTeamRehomed.Decide(Resident_, moved));
        Assert.Empty(WhenTeamRehomed.Decide(Resident_, moved with { TeamId = OtherTeam }));
        var expired = Fold<Enrolment>([.. ASignedResident, Grace, Expired]);
        Assert.Empty(WhenTeamRehomed.Decide(expired, moved));
        var renewed = new RenewContract().Decide(ContractId, NewContract, expired, moved, null, At("2025-05-01 09:00")).Item1;
        Assert.Equal(Somebody, renewed.Aggregate(expired, Enrolment.Evolve)!.Contract!.InstitutionId);
        var died = Fold<Enrolment>([.. ASignedResident, new ResidentDied(new(2024, 5, 20), "hospital"),
            new ContractTerminated(ContractId, TerminationReason.Died, new(2024, 5, 20), "service")]);
        var reversed = new ReverseDeath("wrongPerson").Decide(died, moved, null, At("2024-06-01 09:00")).Item1;
        Assert.Equal(Somebody, reversed.Aggregate(died, Enrolment.Evolve)!.Contract!.InstitutionId);
    }

    [Fact]
    public void Of_two_registrations_the_one_covered_longer_goes_on()
    {
        var longer = Fold<Enrolment>(Registered with { ResidentId = Somebody }, Eligible, Applied with { ResidentId = Somebody, ContractId = NewContract },
            Signed with { ContractId = NewContract, StartsOn = new(2023, 3, 1) });
        Assert.Equal("INVALID_TRANSITION", Refused(() => MergeResidents.Decide(Resident_, longer, Panel_, At("2024-06-01 09:00"))));
        Assert.NotEmpty(MergeResidents.Decide(longer, Resident_, Panel_, At("2024-06-01 09:00")).Item2);
    }

    [Fact]
    public void Somebody_who_is_in_a_group_does_not_join_it_again() => Assert.Empty(AssignPriorityGroup.Decide(
        new("copd", "condition"), Fold<Enrolment>([.. ASignedResident, new PriorityGroupAssigned("copd", "condition", new(2020, 1, 1))]), Catalogue, At("2024-06-01 09:00")));

    [Fact]
    public void Only_the_representative_applies_and_only_for_his_household()
    {
        var (at, panel) = (At("2024-06-01 09:00"), Fold<TeamPanel>(Panel));
        var member = Fold<Enrolment>(Registered, Eligible, new HouseholdJoined(Household, false));
        var apply = new ApplyForContract(ContractId, Resident, Team);
        Assert.NotEmpty(ApplyForFamily.Decide(Household, ContractId, apply, member, panel, Catalogue, at).Item1);
        Assert.Equal("NOT_OF_HOUSEHOLD", Refused(() => ApplyForFamily.Decide(Somebody, ContractId, apply, member, panel, Catalogue, at)));
        var family = new ApplyForFamily(Resident, Team, [Resident]);
        family.RequireRepresentative(Household, Fold<Enrolment>(Registered, new HouseholdJoined(Household, true)));
        foreach (var nobody in new[]
        {
            member, Fold<Enrolment>(Registered, new HouseholdJoined(Somebody, true)), Fold<Enrolment>(RegisteredMinor, new HouseholdJoined(Household, true)),
        })
            Assert.Equal("NOT_OF_HOUSEHOLD", Assert.Throws<RuleBroken>(() => family.RequireRepresentative(Household, nobody)).Code);
    }

    [Theory]
    [InlineData("passport", "E12345678", "1980-05-17", null)]
    [InlineData("passport", "E1", "1980-05-17", "CERTIFICATE_INVALID")]
    [InlineData("passport", "E12345678", "2024-06-02", "BIRTH_DATE_INVALID")]
    [InlineData("birthCertificate", "U330000001", "2024-05-01", null)]
    [InlineData("birthCertificate", "U330000001", "2010-05-01", "CERTIFICATE_INVALID")]
    public void Who_is_registered_was_born_and_has_a_certificate_of_his_age(string type, string number, string born, string? code)
    {
        IEnumerable<DomainEvent> Register() => new RegisterResident(null, type, number, "Sample", "male", DateOnly.Parse(born), null, null, "330203", null)
            .Decide(Resident, null, At("2024-06-01 09:00"));
        if (code is null)
            Assert.NotEmpty(Register());
        else
            Assert.Equal(code, Assert.Throws<RuleBroken>(() => Register().Count()).Code);
    }

    [Fact]
    public void A_right_is_shown_by_what_holds_today_and_lost_by_who_has_one()
    {
        var known = Fold<Enrolment>(Registered);
        var tomorrow = new VerifyEligibility(EligibilityBasis.Residence, "permit", new(2024, 6, 2));
        Assert.Equal("EFFECTIVE_DATE_INVALID", Assert.Throws<RuleBroken>(() => tomorrow.Decide(known, At("2024-06-01 09:00"))).Code);
        Assert.Empty(new LoseEligibility("movedOut").Decide(known, At("2024-06-01 09:00")));
    }

    private static string Refused(Func<(IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> ask) => Refused(() =>
    {
        var (a, b) = ask();
        return (a, b, Enumerable.Empty<DomainEvent>());
    });

    private static string Refused(Func<(IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> ask) => Assert.Throws<RuleBroken>(() =>
    {
        var (a, b, c) = ask();
        _ = a.Count() + b.Count() + c.Count();
    }).Code;

    private static T Fold<T>(params DomainEvent[] history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e))!;
}
