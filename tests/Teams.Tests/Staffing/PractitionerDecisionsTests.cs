using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Staffing;
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
}
