using FamilyDoctor.Teams.Registering;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Registering;

public sealed class InstitutionDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly RegisterInstitution Register = new(Clinic, Registered.Name, Registered.NameEn, Registered.DistrictCode, Registered.Address,
        Registered.Latitude, Registered.Longitude, Registered.OpeningHours);
    private static readonly SuspendInstitution Suspend = new("inspection");

    [Fact]
    public void An_institution_is_registered_with_its_opening_hours() =>
        Given<Institution>().When(Morning, (i, _) => Register.Decide(Clinic, i)).Then(Registered);

    [Fact]
    public void Registering_twice_is_registering_once() =>
        Given<Institution>(Registered).When(Morning, (i, _) => Register.Decide(Clinic, i)).ThenNothing();

    [Fact]
    public void It_does_not_close_before_it_opens() =>
        Given<Institution>().When(Morning, (i, _) => (Register with { OpeningHours = [new(Weekday.Monday, new(17, 0), new(8, 0))] }).Decide(Clinic, i))
            .ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void It_opens_on_days_that_are_days_and_500_times_at_most()
    {
        var hours = new OpeningHours(Weekday.Monday, new(8, 0), new(17, 0));
        Registering(hours with { Day = (Weekday)7 }).ThenRefused("VALIDATION_FAILED");
        Registering([.. Enumerable.Repeat(hours, 500)]).ThenEvents(typeof(InstitutionRegistered));
        Registering([.. Enumerable.Repeat(hours, 501)]).ThenRefused("VALIDATION_FAILED");

        static Testing.Outcome Registering(params OpeningHours[] all) => Given<Institution>().When(Morning, (i, _) => (Register with { OpeningHours = all }).Decide(Clinic, i));
    }

    [Fact]
    public void It_is_activated_once()
    {
        Given<Institution>(Registered).When(Morning, (i, _) => ActivateInstitution.Decide(i)).Then(Opened);
        Given<Institution>(AnActiveInstitution).When(Morning, (i, _) => ActivateInstitution.Decide(i)).ThenNothing();
    }

    [Fact]
    public void An_active_one_is_suspended_and_resumed()
    {
        Given<Institution>(AnActiveInstitution).When(Morning, (i, _) => Suspend.Decide(i)).Then(new InstitutionSuspended(Clinic, "inspection"));
        Given<Institution>([.. AnActiveInstitution, new InstitutionSuspended(Clinic, "inspection")])
            .When(Morning, (i, _) => ResumeInstitution.Decide(i)).Then(new InstitutionResumed(Clinic));
    }

    [Fact]
    public void One_that_never_opened_is_not_suspended() =>
        Given<Institution>(Registered).When(Morning, (i, _) => Suspend.Decide(i)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void A_suspended_one_is_resumed_not_activated() =>
        Given<Institution>([.. AnActiveInstitution, new InstitutionSuspended(Clinic, "inspection")])
            .When(Morning, (i, _) => ActivateInstitution.Decide(i)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void An_unknown_one_is_unknown()
    {
        Given<Institution>().When(Morning, (i, _) => ActivateInstitution.Decide(i)).ThenUnknown();
        Given<Institution>().When(Morning, (i, _) => Suspend.Decide(i)).ThenUnknown();
        Given<Institution>().When(Morning, (i, _) => ResumeInstitution.Decide(i)).ThenUnknown();
    }
}
