using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Forming;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Forming;

public sealed class TeamDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly FormTeam Form = new(TeamId, Clinic, Formed.Name, Formed.NameEn);
    private static readonly AddTeamMember AddDoctor = new(Gp, "gp", 1m, Lead: true);
    private static readonly AddTeamMember AddNurse = new(Nurse, "nurse", 0.5m);
    private static readonly TeamSuspended Suspended = new(TeamId, "staff illness");

    [Fact]
    public void A_team_signs_residents_of_other_districts_too_and_takes_its_own_along_when_it_moves()
    {
        var far = Formed with { DistrictIds = ["330203", "330205"] };
        Given<Team>().And<Institution>(AnActiveInstitution)
            .When(Morning, (t, i, _) => ((Form with { DistrictIds = ["330205", "330203", "330205"] }).Decide(TeamId, t, i), [])).Then(far);
        Given<Team>().And<Institution>(AnActiveInstitution).When(Morning, (t, i, _) => ((Form with { DistrictIds = [""] }).Decide(TeamId, t, i), [])).ThenRefused("VALIDATION_FAILED");
        var moved = Team.Evolve(Team.Evolve(null, far), new TeamRehomed(TeamId, Clinic, Clinic, "330206"));
        Assert.Equal(["330206", "330205"], moved.Districts);
        Assert.Equal(["330203"], Team.Evolve(null, Formed).Districts);
    }

    [Fact]
    public void A_team_is_formed_in_an_active_institution_and_its_district() =>
        Given<Team>().And<Institution>(AnActiveInstitution).When(Morning, (t, i, _) => (Form.Decide(TeamId, t, i), [])).Then(Formed);

    [Fact]
    public void Forming_twice_is_forming_once() =>
        Given<Team>(Formed).And<Institution>(AnActiveInstitution).When(Morning, (t, i, _) => (Form.Decide(TeamId, t, i), [])).ThenNothing();

    [Fact]
    public void No_team_is_formed_where_nobody_works()
    {
        Given<Team>().And<Institution>(Registered).When(Morning, (t, i, _) => (Form.Decide(TeamId, t, i), [])).ThenRefused("INSTITUTION_NOT_ACTIVE");
        Given<Team>().And<Institution>([.. AnActiveInstitution, new InstitutionSuspended(Clinic, "inspection")])
            .When(Morning, (t, i, _) => (Form.Decide(TeamId, t, i), [])).ThenRefused("INSTITUTION_NOT_ACTIVE");
        Given<Team>().And<Institution>().When(Morning, (t, i, _) => (Form.Decide(TeamId, t, i), [])).ThenUnknown();
    }

    [Fact]
    public void A_doctor_joins_and_leads() =>
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(Doctor).When(Morning, Joining(AddDoctor))
            .Then(DoctorJoined, Led, DoctorAssigned, LeadIsTaken);

    [Fact]
    public void A_nurse_joins() =>
        Given<Team>(Formed, DoctorJoined, Led).And<PractitionerLoad>().And<Practitioner>(ANurse).When(Morning, Joining(AddNurse)).Then(NurseJoined, NurseAssigned);

    [Fact]
    public void Joining_twice_is_joining_once() =>
        Given<Team>(ACompleteTeam).And<PractitionerLoad>(DoctorAssigned, LeadIsTaken).And<Practitioner>(Doctor).When(Morning, Joining(AddDoctor)).ThenNothing();

    [Fact]
    public void A_member_does_not_join_again_for_another_time() =>
        Given<Team>(ACompleteTeam).And<PractitionerLoad>(NurseAssigned).And<Practitioner>(ANurse)
            .When(Morning, Joining(AddNurse with { Fte = 0.2m })).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void A_volunteer_holds_no_clinical_role() =>
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(ANurse with { Kind = "volunteer" })
            .When(Morning, Joining(AddNurse)).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void X_joins_under_the_words_of_the_city() =>
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(ANurse with { Kind = "gridAdministrator" })
            .When(Morning, Joining(AddNurse with { Role = "gridAdministrator" })).ThenEvents(typeof(TeamMemberJoined), typeof(PractitionerAssigned));

    [Fact]
    public void Nobody_joins_without_a_licence()
    {
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(ANurse).When("2024-07-01 00:00", Joining(AddNurse)).ThenRefused("LICENCE_INVALID");
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(ANurse, new LicenceLapsed(Nurse, new(2024, 6, 30)))
            .When("2024-07-01 09:00", Joining(AddNurse)).ThenRefused("LICENCE_INVALID");
    }

    [Theory]
    [InlineData("0.5", true)]
    [InlineData("0.501", false)]
    public void Nobody_works_more_than_a_whole_time(string fte, bool possible)
    {
        var elsewhere = new PractitionerAssigned(Nurse, OtherTeam, Clinic, "nurse", 0.5m);
        var outcome = Given<Team>(Formed).And<PractitionerLoad>(elsewhere).And<Practitioner>(ANurse)
            .When(Morning, Joining(AddNurse with { Fte = decimal.Parse(fte, System.Globalization.CultureInfo.InvariantCulture) }));
        if (possible)
            outcome.ThenEvents(typeof(TeamMemberJoined), typeof(PractitionerAssigned));
        else
            outcome.ThenRefused("FTE_EXCEEDED");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.001")]
    public void A_part_of_the_time_is_a_part(string fte) =>
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(ANurse)
            .When(Morning, Joining(AddNurse with { Fte = decimal.Parse(fte, System.Globalization.CultureInfo.InvariantCulture) })).ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void Nobody_leads_two_teams() =>
        Given<Team>(Formed).And<PractitionerLoad>(new PractitionerAssigned(Gp, OtherTeam, Clinic, "gp", 0.5m), new LeadTaken(Gp, OtherTeam)).And<Practitioner>(Doctor)
            .When(Morning, Joining(AddDoctor with { Fte = 0.5m })).ThenRefused("PRACTITIONER_ALREADY_LEADS");

    [Fact]
    public void A_nurse_does_not_lead_and_nobody_leads_beside_the_leader()
    {
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>(ANurse).When(Morning, Joining(AddNurse with { Lead = true })).ThenRefused("LEAD_NOT_ELIGIBLE");
        Given<Team>(ACompleteTeam).And<PractitionerLoad>().And<Practitioner>(SecondDoctor)
            .When(Morning, Joining(new(SecondGp, "gp", 1m, Lead: true))).ThenRefused("LEAD_NOT_ELIGIBLE");
    }

    [Fact]
    public void Nobody_joins_a_suspended_or_unknown_team()
    {
        Given<Team>([.. AnActiveTeam, Suspended]).And<PractitionerLoad>().And<Practitioner>(SecondDoctor)
            .When(Morning, Joining(new(SecondGp, "gp", 1m))).ThenRefused("INVALID_TRANSITION");
        Given<Team>().And<PractitionerLoad>().And<Practitioner>(Doctor).When(Morning, Joining(AddDoctor)).ThenUnknown();
        Given<Team>(Formed).And<PractitionerLoad>().And<Practitioner>().When(Morning, Joining(AddDoctor)).ThenUnknown();
    }

    [Fact]
    public void Another_doctor_raises_the_capacity_of_an_active_team() =>
        Given<Team>(AnActiveTeam).And<PractitionerLoad>().And<Practitioner>(SecondDoctor).When(Morning, Joining(new(SecondGp, "gp", 0.5m)))
            .Then(SecondDoctorJoined, new TeamCapacitySet(TeamId, 3000, [new(Gp, 2000, 1m), new(SecondGp, 2000, 0.5m)], 0), SecondDoctorAssigned);

    [Fact]
    public void A_capacity_set_lower_on_purpose_stays() =>
        Given<Team>([.. AnActiveTeam, Capacity with { MaxPanel = 1500 }]).And<PractitionerLoad>().And<Practitioner>(SecondDoctor)
            .When(Morning, Joining(new(SecondGp, "gp", 0.5m)))
            .Then(SecondDoctorJoined, new TeamCapacitySet(TeamId, 1500, [new(Gp, 2000, 1m), new(SecondGp, 2000, 0.5m)], 0), SecondDoctorAssigned);

    [Fact]
    public void A_nurse_leaves_and_the_active_team_is_known_as_incomplete_since_then()
    {
        var left = new TeamMemberLeft(TeamId, Nurse, new(2024, 5, 6), "moved");
        var breached = new TeamCompositionBreached(TeamId, new(2024, 5, 6), ["nurse"], DateTimeOffset.Parse("2024-06-04T16:00:00Z"), 0);
        Given<Team>(AnActiveTeam).And<PractitionerLoad>(NurseAssigned)
            .When("2024-05-06 09:00", (t, l, at) => new RemoveTeamMember("moved").Decide(Nurse, t, l, at))
            .Then(left, breached, new PractitionerReleased(Nurse, TeamId));
        var team = Fold([.. AnActiveTeam, left, breached]);
        Assert.Equal(new DateOnly(2024, 5, 6), team.CompositionBreachSince);
        Assert.Null(Team.Evolve(team, NurseJoined).CompositionBreachSince);
    }

    [Fact]
    public void The_leader_leaves_and_gives_the_lead_back() =>
        Given<Team>(AnActiveTeam).And<PractitionerLoad>(DoctorAssigned, LeadIsTaken)
            .When(Morning, (t, l, at) => new RemoveTeamMember("departed").Decide(Gp, t, l, at))
            .Then(new TeamLeadChanged(TeamId, Gp, null, Today), new TeamMemberLeft(TeamId, Gp, Today, "departed"), new TeamCapacitySet(TeamId, 0, [], 0),
                new TeamCompositionBreached(TeamId, Today, ["gp"], DateTimeOffset.Parse("2024-03-30T16:00:00Z"), 0),
                new LeadReleased(Gp, TeamId), new PractitionerReleased(Gp, TeamId));

    [Fact]
    public void Whoever_is_no_member_has_left_already() =>
        Given<Team>(ACompleteTeam).And<PractitionerLoad>().When(Morning, (t, l, at) => new RemoveTeamMember("moved").Decide(SecondGp, t, l, at)).ThenNothing();

    [Fact]
    public void Another_doctor_of_the_team_takes_the_lead() =>
        Given<Team>([.. ACompleteTeam, SecondDoctorJoined]).And<PractitionerLoad>(SecondDoctorAssigned).And<PractitionerLoad>(DoctorAssigned, LeadIsTaken)
            .When(Morning, Leading(SecondGp, SecondDoctor))
            .Then(new TeamLeadChanged(TeamId, Gp, SecondGp, Today), new LeadTaken(SecondGp, TeamId), new LeadReleased(Gp, TeamId));

    [Fact]
    public void Who_leads_already_is_the_leader() =>
        Given<Team>(ACompleteTeam).And<PractitionerLoad>(DoctorAssigned, LeadIsTaken).And<PractitionerLoad>().When(Morning, Leading(Gp, Doctor)).ThenNothing();

    [Fact]
    public void Only_a_family_doctor_of_the_team_leads_it()
    {
        Given<Team>(ACompleteTeam).And<PractitionerLoad>(NurseAssigned).And<PractitionerLoad>(DoctorAssigned, LeadIsTaken)
            .When(Morning, Leading(Nurse, ANurse)).ThenRefused("LEAD_NOT_ELIGIBLE");
        Given<Team>(ACompleteTeam).And<PractitionerLoad>().And<PractitionerLoad>(DoctorAssigned, LeadIsTaken)
            .When(Morning, Leading(SecondGp, SecondDoctor)).ThenRefused("LEAD_NOT_ELIGIBLE");
    }

    [Fact]
    public void A_leader_is_licensed_and_leads_no_other_team()
    {
        Given<Team>([.. ACompleteTeam, SecondDoctorJoined]).And<PractitionerLoad>(SecondDoctorAssigned).And<PractitionerLoad>(DoctorAssigned, LeadIsTaken)
            .When(Morning, Leading(SecondGp, SecondDoctor with { LicenceValidTo = new(2024, 2, 29) })).ThenRefused("LICENCE_INVALID");
        Given<Team>([.. ACompleteTeam, SecondDoctorJoined])
            .And<PractitionerLoad>(SecondDoctorAssigned, new PractitionerAssigned(SecondGp, OtherTeam, Clinic, "gp", 0.5m), new LeadTaken(SecondGp, OtherTeam))
            .And<PractitionerLoad>(DoctorAssigned, LeadIsTaken)
            .When(Morning, Leading(SecondGp, SecondDoctor)).ThenRefused("PRACTITIONER_ALREADY_LEADS");
    }

    [Fact]
    public void A_complete_team_is_activated_with_the_capacity_of_its_doctors() =>
        Given<Team>([.. ACompleteTeam, SecondDoctorJoined]).And<Institution>(AnActiveInstitution).When(Morning, Activating(Doctor, ANurse, SecondDoctor))
            .Then(Activated, new TeamCapacitySet(TeamId, 3000, [new(Gp, 2000, 1m), new(SecondGp, 2000, 0.5m)], 0));

    [Fact]
    public void Activating_twice_is_activating_once() =>
        Given<Team>(AnActiveTeam).And<Institution>(AnActiveInstitution).When(Morning, Activating(Doctor, ANurse)).ThenNothing();

    [Fact]
    public void An_incomplete_team_says_what_is_missing()
    {
        Assert.Equal(["gp", "nurse"], Fold(Formed).MissingRoles());
        Assert.Equal(["nurse"], Fold(Formed, DoctorJoined, Led).MissingRoles());
        Assert.Equal(["gp"], Fold(Formed, DoctorJoined, NurseJoined).MissingRoles());
        Given<Team>(Formed, DoctorJoined, Led).And<Institution>(AnActiveInstitution).When(Morning, Activating(Doctor)).ThenRefused("TEAM_INCOMPLETE");
        Given<Team>(Formed, DoctorJoined, NurseJoined).And<Institution>(AnActiveInstitution).When(Morning, Activating(Doctor, ANurse)).ThenRefused("TEAM_INCOMPLETE");
    }

    [Fact]
    public void A_team_without_time_for_one_resident_is_incomplete() =>
        Given<Team>(Formed, DoctorJoined with { Fte = 0.0001m }, Led, NurseJoined).And<Institution>(AnActiveInstitution)
            .When(Morning, Activating(Doctor, ANurse)).ThenRefused("TEAM_INCOMPLETE");

    [Fact]
    public void A_team_is_not_activated_with_a_lapsed_licence() =>
        Given<Team>(ACompleteTeam).And<Institution>(AnActiveInstitution).When("2024-07-01 00:00", Activating(Doctor, ANurse)).ThenRefused("LICENCE_INVALID");

    [Fact]
    public void A_team_is_not_activated_in_a_suspended_institution() =>
        Given<Team>(ACompleteTeam).And<Institution>([.. AnActiveInstitution, new InstitutionSuspended(Clinic, "inspection")])
            .When(Morning, Activating(Doctor, ANurse)).ThenRefused("INSTITUTION_NOT_ACTIVE");

    [Fact]
    public void A_suspended_team_is_resumed_not_activated() =>
        Given<Team>([.. AnActiveTeam, Suspended]).And<Institution>(AnActiveInstitution).When(Morning, Activating(Doctor, ANurse)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void An_active_team_is_suspended_and_resumed()
    {
        Given<Team>(AnActiveTeam).When(Morning, new SuspendTeam("staff illness").Decide).Then(Suspended);
        Given<Team>([.. AnActiveTeam, Suspended]).When(Morning, new SuspendTeam("staff illness").Decide).ThenNothing();
        Given<Team>([.. AnActiveTeam, Suspended]).And<Institution>(AnActiveInstitution)
            .When(Morning, (t, i, _) => (ResumeTeam.Decide(t, i), [])).Then(new TeamResumed(TeamId));
    }

    [Fact]
    public void A_forming_team_is_neither_suspended_nor_resumed()
    {
        Given<Team>(Formed).When(Morning, new SuspendTeam("staff illness").Decide).ThenRefused("INVALID_TRANSITION");
        Given<Team>(Formed).And<Institution>(AnActiveInstitution).When(Morning, (t, i, _) => (ResumeTeam.Decide(t, i), [])).ThenRefused("INVALID_TRANSITION");
    }

    [Fact]
    public void A_team_is_not_resumed_in_a_suspended_institution() =>
        Given<Team>([.. AnActiveTeam, Suspended]).And<Institution>([.. AnActiveInstitution, new InstitutionSuspended(Clinic, "inspection")])
            .When(Morning, (t, i, _) => (ResumeTeam.Decide(t, i), [])).ThenRefused("INSTITUTION_NOT_ACTIVE");

    [Fact]
    public void A_capacity_is_lowered_and_set_back()
    {
        var lowered = Capacity with { MaxPanel = 1500 };
        Given<Team>(AnActiveTeam).When(Morning, new SetTeamCapacity(1500).Decide).Then(lowered);
        Given<Team>([.. AnActiveTeam, lowered]).When(Morning, new SetTeamCapacity(1500).Decide).ThenNothing();
        Given<Team>([.. AnActiveTeam, lowered]).When(Morning, new SetTeamCapacity().Decide).Then(Capacity);
    }

    [Fact]
    public void A_capacity_is_never_more_than_the_doctors_can_bear() =>
        Given<Team>(AnActiveTeam).When(Morning, new SetTeamCapacity(2001).Decide).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void A_forming_team_has_no_capacity() =>
        Given<Team>(ACompleteTeam).When(Morning, new SetTeamCapacity(100).Decide).ThenRefused("TEAM_NOT_ACTIVE");

    [Fact]
    public void A_member_does_not_become_the_leader_by_joining_again() =>
        Given<Team>(ACompleteTeam).And<PractitionerLoad>(NurseAssigned).And<Practitioner>(ANurse)
            .When(Morning, Joining(AddNurse with { Lead = true })).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void Who_joined_or_took_the_lead_this_very_moment_is_asked_for_again()
    {
        Assert.Throws<Busy>(() => Given<Team>(ACompleteTeam).And<Institution>(AnActiveInstitution).When(Morning, Activating(Doctor)));
        Assert.Throws<Busy>(() => Given<Team>([.. ACompleteTeam, SecondDoctorJoined]).And<PractitionerLoad>(SecondDoctorAssigned).And<PractitionerLoad>()
            .When(Morning, Leading(SecondGp, SecondDoctor)));
    }

    [Fact]
    public void Who_leads_another_team_keeps_that_lead_when_leaving_this_one() =>
        Given<Team>([.. AnActiveTeam, SecondDoctorJoined])
            .And<PractitionerLoad>(SecondDoctorAssigned, new PractitionerAssigned(SecondGp, OtherTeam, Clinic, "gp", 0.5m), new LeadTaken(SecondGp, OtherTeam))
            .When(Morning, (t, l, at) => new RemoveTeamMember("moved").Decide(SecondGp, t, l, at))
            .Then(new TeamMemberLeft(TeamId, SecondGp, Today, "moved"), new PractitionerReleased(SecondGp, TeamId));

    [Fact]
    public void Who_may_not_work_does_not_complete_a_team()
    {
        Assert.Equal(["nurse"], Fold([.. ACompleteTeam, new TeamMemberBarred(TeamId, Nurse, Today, "suspended")]).MissingRoles());
        Assert.Equal(["gp"], Fold([.. ACompleteTeam, new TeamMemberBarred(TeamId, Gp, Today, "suspended")]).MissingRoles());
    }

    [Fact]
    public void A_breach_is_told_once()
    {
        var breached = new TeamCompositionBreached(TeamId, Today, ["nurse"], At("2024-03-31 00:00").Now, 0);
        Given<Team>([.. AnActiveTeam, SecondDoctorJoined, new TeamMemberLeft(TeamId, Nurse, Today, "moved"), breached]).And<PractitionerLoad>(SecondDoctorAssigned)
            .When("2024-03-02 09:00", (t, l, at) => new RemoveTeamMember("moved").Decide(SecondGp, t, l, at))
            .ThenEvents(typeof(TeamMemberLeft), typeof(PractitionerReleased));
    }

    [Theory]
    [InlineData("2029-03-01", true)]
    [InlineData("2029-03-02", false)]
    public void A_team_is_suspended_for_five_years_at_most(string until, bool possible)
    {
        var outcome = Given<Team>(AnActiveTeam).When(Morning, new SuspendTeam("holidays", DateOnly.Parse(until)).Decide);
        if (possible)
            outcome.ThenEvents(typeof(TeamSuspended));
        else
            outcome.ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void The_clock_suspends_and_resumes_no_team_before_its_time_and_resumes_none_where_nobody_works()
    {
        Given<Team>([.. AnActiveTeam, new TeamMemberLeft(TeamId, Nurse, Today, "moved"), new TeamCompositionBreached(TeamId, Today, ["nurse"], At("2024-03-31 00:00").Now, 0)])
            .When("2024-03-30 23:59", SuspendIncompleteTeam.Decide).ThenNothing();
        var paused = Suspended with { Until = new(2024, 3, 10), EndsAt = At("2024-03-11 00:00").Now };
        Given<Team>([.. AnActiveTeam, paused]).And<Institution>(AnActiveInstitution)
            .When("2024-03-10 23:59", (t, i, at) => (EndTeamSuspension.Decide(t, i, at), [])).ThenNothing();
        Given<Team>([.. AnActiveTeam, paused]).And<Institution>([.. AnActiveInstitution, new InstitutionSuspended(Clinic, "inspection")])
            .When("2024-03-11 00:00", (t, i, at) => (EndTeamSuspension.Decide(t, i, at), [])).Then(new TeamSuspended(TeamId, "institutionNotActive"));
    }

    [Fact]
    public void A_capacity_is_set_again_when_what_it_rests_on_has_changed()
    {
        var before = new TeamCapacitySet(TeamId, 1500, [new(Gp, 1800, 1m)], 0);
        Given<Team>([.. ACompleteTeam, Activated, before]).When(Morning, new SetTeamCapacity(1500).Decide).Then(Capacity with { MaxPanel = 1500 });
    }

    private static Team Fold(params DomainEvent[] history) => history.Aggregate(default(Team), Team.Evolve)!;

    private static Func<Team?, PractitionerLoad?, Practitioner?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> Joining(
        AddTeamMember add) => (team, load, practitioner, at) =>
        {
            var (ofTeam, ofLoad) = add.Decide(team, load, practitioner, at);
            return (ofTeam, ofLoad, []);
        };

    private static Func<Team?, PractitionerLoad?, PractitionerLoad?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> Leading(
        Guid next, PractitionerRegistered practitioner) => (team, load, former, at) =>
            new ChangeTeamLead(next).Decide(team, load, former, Practitioner.Evolve(null, practitioner), at);

    private static Func<Team?, Institution?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> Activating(params PractitionerRegistered[] members) =>
        (team, institution, at) => (ActivateTeam.Decide(team, institution, members.ToDictionary(m => m.PractitionerId, m => Practitioner.Evolve(null, m)), at), []);
}
