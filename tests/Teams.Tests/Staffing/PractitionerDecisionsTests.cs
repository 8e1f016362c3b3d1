using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Staffing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Staffing;

public sealed class PractitionerDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly RegisterPractitioner Register = new(Nurse, "nurse", Clinic, [], new(2024, 6, 30));
    private static readonly LicenceLapsed Lapsed = new(Nurse, new(2024, 6, 30));

    [Fact]
    public void A_practitioner_is_registered_in_the_district_of_the_institution() =>
        Given<Practitioner>().And<Institution>(AnActiveInstitution)
            .When(Morning, (p, i, at) => (Register.Decide(Nurse, p, i, at), [])).Then(ANurse);

    [Fact]
    public void Registering_twice_is_registering_once() =>
        Given<Practitioner>(ANurse).And<Institution>(AnActiveInstitution)
            .When(Morning, (p, i, at) => (Register.Decide(Nurse, p, i, at), [])).ThenNothing();

    [Fact]
    public void Nobody_is_registered_at_an_institution_that_is_not_there() =>
        Given<Practitioner>().And<Institution>().When(Morning, (p, i, at) => (Register.Decide(Nurse, p, i, at), [])).ThenUnknown();

    [Theory]
    [InlineData("2024-06-30 23:59", true)]
    [InlineData("2024-07-01 00:00", false)]
    public void A_licence_counts_to_the_end_of_its_last_day(string now, bool valid)
    {
        var outcome = Given<Practitioner>().And<Institution>(AnActiveInstitution).When(now, (p, i, at) => (Register.Decide(Nurse, p, i, at), []));
        if (valid)
            outcome.ThenEvents(typeof(PractitionerRegistered));
        else
            outcome.ThenRefused("LICENCE_INVALID");
    }

    [Fact]
    public void A_licence_waits_for_its_end_and_lapses_there()
    {
        var nurse = Practitioner.Evolve(null, ANurse);
        Assert.Equal([new Deadline(nameof(LapseLicence), DateTimeOffset.Parse("2024-06-30T16:00:00Z"))], Practitioner.Deadlines(nurse));
        Given<Practitioner>(ANurse).When("2024-07-01 00:00", LapseLicence.Decide).Then(Lapsed);
        Given<Practitioner>(ANurse).When("2024-06-30 23:59", LapseLicence.Decide).ThenNothing();
        Given<Practitioner>(ANurse, Lapsed).When("2024-07-02 00:00", LapseLicence.Decide).ThenNothing();
        Assert.Empty(Practitioner.Deadlines(Practitioner.Evolve(nurse, Lapsed)));
    }

    [Fact]
    public void A_licence_without_an_end_never_lapses() => Assert.Empty(Practitioner.Deadlines(Practitioner.Evolve(null, Doctor)));

    [Fact]
    public void A_renewed_licence_brings_its_holder_back()
    {
        var renewed = new LicenceRenewed(Nurse, new(2029, 6, 30), DateTimeOffset.Parse("2029-06-30T16:00:00Z"));
        Given<Practitioner>(ANurse, Lapsed).When("2024-08-01 09:00", new RenewLicence(new(2029, 6, 30)).Decide).Then(renewed);
        Given<Practitioner>(ANurse, Lapsed, renewed).When("2024-08-01 09:00", new RenewLicence(new(2029, 6, 30)).Decide).ThenNothing();
        Assert.True(new DomainEvent[] { ANurse, Lapsed, renewed }.Aggregate(default(Practitioner), Practitioner.Evolve)!.IsLicensed(new(2029, 6, 30)));
    }

    [Theory]
    [InlineData("2024-02-29")] // past
    [InlineData("2024-05-31")] // shorter than it was
    [InlineData("2124-05-31")] // nobody renews for a century
    public void A_licence_is_not_renewed_backwards(string validTo) =>
        Given<Practitioner>(ANurse).When(Morning, new RenewLicence(DateOnly.Parse(validTo)).Decide).ThenRefused("LICENCE_INVALID");

    [Fact]
    public void Nobody_unknown_is_renewed() =>
        Given<Practitioner>().When(Morning, new RenewLicence(new(2029, 6, 30)).Decide).ThenUnknown();

    [Fact]
    public void What_the_clock_does_it_does_neither_early_nor_for_who_has_left()
    {
        var starting = Doctor with { StartsAt = At("2024-04-01 00:00").Now };
        var suspended = new PractitionerSuspended(Nurse, "inquiry", new(2024, 4, 30), DateTimeOffset.Parse("2024-04-30T16:00:00Z"));
        var left = new PractitionerDeparted(Nurse, new(2024, 2, 29), "retired");
        Given<Practitioner>(starting).When("2024-03-31 23:59", BeginWork.Decide).ThenNothing();
        Given<Practitioner>(starting, left with { PractitionerId = Gp }).When("2024-04-01 00:00", BeginWork.Decide).ThenNothing();
        Given<Practitioner>(ANurse, suspended).When("2024-04-30 23:59", EndSuspension.Decide).ThenNothing();
        Given<Practitioner>(ANurse, suspended, left).When("2024-05-01 00:00", EndSuspension.Decide).ThenNothing();
        Given<Practitioner>(ANurse, left).When("2024-07-01 00:00", LapseLicence.Decide).ThenNothing();
        Given<Practitioner>(ANurse, new DepartureAnnounced(Nurse, new(2024, 4, 30), DateTimeOffset.Parse("2024-04-30T16:00:00Z"), "retired"))
            .When("2024-04-30 23:59", CompleteDeparture.Decide).ThenNothing();
    }

    [Fact]
    public void Who_begins_today_is_there_at_once() => Assert.Null(Assert.IsType<PractitionerRegistered>(Assert.Single(Given<Practitioner>().And<Institution>(AnActiveInstitution)
        .When(Morning, (p, i, at) => ((Register with { FirstDay = new(2024, 3, 1) }).Decide(Nurse, p, i, at), [])).Events)).StartsAt);

    [Fact]
    public void Who_is_there_already_does_not_move() =>
        Given<Practitioner>(Doctor).And<Institution>(Registered).When(Morning, (p, i, _) => (new MovePractitioner(Clinic).Decide(p, i), [])).ThenNothing();

    [Theory]
    [InlineData("2023-02-28", null)]
    [InlineData("2023-03-01", typeof(PractitionerDeparted))] // a year ago
    [InlineData("2024-02-29", typeof(PractitionerDeparted))]
    [InlineData("2024-03-01", typeof(DepartureAnnounced))] // today is worked to its end
    [InlineData("2029-03-01", typeof(DepartureAnnounced))]
    [InlineData("2029-03-02", null)]
    public void A_last_day_lies_in_the_past_year_or_in_the_next_five(string lastDay, Type? recorded)
    {
        var outcome = Given<Practitioner>(ANurse).When(Morning, new RecordDeparture(DateOnly.Parse(lastDay), "retired").Decide);
        if (recorded is not null)
            outcome.ThenEvents(recorded);
        else
            outcome.ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void A_departure_is_recorded_once_unless_its_day_or_reason_changes()
    {
        var leave = new RecordDeparture(new(2024, 4, 30), "retired");
        var announced = new DepartureAnnounced(Nurse, new(2024, 4, 30), DateTimeOffset.Parse("2024-04-30T16:00:00Z"), "retired");
        Given<Practitioner>(ANurse, announced).When(Morning, leave.Decide).ThenNothing();
        Given<Practitioner>(ANurse, announced).When(Morning, (leave with { Reason = "moved" }).Decide).Then(announced with { Reason = "moved" });
        Given<Practitioner>(ANurse, announced).When(Morning, (leave with { LastDay = new(2024, 5, 1) }).Decide).ThenEvents(typeof(DepartureAnnounced));
        var left = new PractitionerDeparted(Nurse, new(2024, 4, 30), "retired");
        Given<Practitioner>(ANurse, left).When("2024-06-01 09:00", leave.Decide).ThenNothing();
        Given<Practitioner>(ANurse, left).When("2024-06-01 09:00", (leave with { LastDay = new(2024, 4, 29) }).Decide).ThenRefused("INVALID_TRANSITION");
    }

    [Fact]
    public void A_suspension_is_recorded_once_unless_its_end_or_reason_changes()
    {
        var suspend = new SuspendPractitioner("inquiry", new(2024, 4, 30));
        var suspended = new PractitionerSuspended(Nurse, "inquiry", new(2024, 4, 30), DateTimeOffset.Parse("2024-04-30T16:00:00Z"));
        Given<Practitioner>(ANurse).When(Morning, suspend.Decide).Then(suspended);
        Given<Practitioner>(ANurse, suspended).When(Morning, suspend.Decide).ThenNothing();
        Given<Practitioner>(ANurse, suspended).When(Morning, (suspend with { Until = null }).Decide).Then(suspended with { Until = null, EndsAt = null });
        Given<Practitioner>(ANurse, suspended).When(Morning, (suspend with { Reason = "complaint" }).Decide).Then(suspended with { Reason = "complaint" });
        Given<Practitioner>(ANurse).When(Morning, (suspend with { Until = new(2074, 3, 2) }).Decide).ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void A_team_follows_only_its_own_members_and_only_when_something_changed()
    {
        var barred = new TeamMemberBarred(TeamId, Gp, Today, "suspended");
        DomainEvent[] suspended = [Doctor, new PractitionerSuspended(Gp, "inquiry", null, null)];
        Following(AnActiveTeam, [DoctorAssigned], suspended).ThenEvents(typeof(TeamMemberBarred), typeof(TeamCompositionBreached));
        Following([.. AnActiveTeam, barred], [DoctorAssigned], suspended).ThenNothing();
        Following(AnActiveTeam, [DoctorAssigned with { TeamId = OtherTeam }], suspended).ThenNothing();
        Following([.. AnActiveTeam, new TeamDisbandmentStarted(TeamId, Today, At(Morning).Now, "merged", [], 0, 0), new TeamDisbanded(TeamId, Today, 0, 0, null)],
            [DoctorAssigned], suspended).ThenNothing();
    }

    [Fact]
    public void Whoever_has_left_leaves_the_team_too() => Following(AnActiveTeam, [NurseAssigned], [ANurse, new PractitionerDeparted(Nurse, new(2024, 2, 29), "retired")])
        .ThenEvents(typeof(TeamMemberLeft), typeof(TeamCompositionBreached), typeof(PractitionerReleased));

    [Fact]
    public void A_lapsed_licence_is_not_renewed_to_a_day_that_is_past() =>
        Given<Practitioner>(ANurse with { LicenceValidTo = new(2024, 1, 31) }).When(Morning, new RenewLicence(new(2024, 2, 15)).Decide).ThenRefused("LICENCE_INVALID");

    [Fact]
    public void A_qualification_is_added_once() =>
        Given<Practitioner>(Doctor).When(Morning, (p, _) => new AddQualification("general practice").Decide(p)).ThenNothing();

    private static Outcome Following(DomainEvent[] team, DomainEvent[] load, DomainEvent[] practitioner) =>
        Given<Team>(team).And<PractitionerLoad>(load).And<Practitioner>(practitioner).When(Morning, (t, l, p, at) =>
        {
            var (ofTeam, ofLoad) = WhenPractitionerChanged.Decide(t, l, p, at);
            return (ofTeam, ofLoad, []);
        });
}
