using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Disbanding;
using FamilyDoctor.Teams.Forming;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class TeamStatesTests() : StatesTable<Team>("Team", TeamId, "2024-03-01 09:00")
{
    private static readonly DomainEvent[] AnActive = [.. AFormingTeam, Activated, Capacity];
    private static readonly DateTimeOffset ThisMorning = DateTimeOffset.Parse("2024-02-29T16:00:00Z");
    private static readonly TeamMemberLeft NurseLeft = new(TeamId, Nurse, Today, "moved");
    private static readonly TeamCompositionBreached Breached = new(TeamId, Today, ["nurse"], DateTimeOffset.Parse("2024-03-30T16:00:00Z"), 0);
    private static readonly TeamSuspended Paused = new(TeamId, "staff illness");
    private static readonly TeamDisbandmentStarted Ending =
        new(TeamId, new(2024, 5, 1), DateTimeOffset.Parse("2024-04-30T16:00:00Z"), "merged", [OtherTeam], 10, 0);

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Forming"] = AFormingTeam,
        ["Active"] = AnActive,
        ["Active, without a nurse"] = [.. AnActive, NurseLeft, Breached],
        ["Active, without a nurse for too long"] = [.. AnActive, NurseLeft, Breached with { SuspendsAt = ThisMorning }],
        ["Suspended"] = [.. AnActive, Paused],
        ["Suspended, without a nurse"] = [.. AnActive, NurseLeft, Breached, Paused],
        ["Suspended, until yesterday"] = [.. AnActive, Paused with { Until = new(2024, 2, 29), EndsAt = ThisMorning }],
        ["Suspended, until yesterday and without a nurse"] = [.. AnActive, NurseLeft, Breached, Paused with { Until = new(2024, 2, 29), EndsAt = ThisMorning }],
        ["Disbanding"] = [.. AnActive, Ending],
        ["Disbanding, empty"] = [.. AnActive, Ending with { Contracts = 0 }],
        ["Disbanding, on its day"] = [.. AnActive, Ending with { EffectiveAt = ThisMorning }],
        ["Disbanding, empty on its day"] = [.. AnActive, Ending with { EffectiveAt = ThisMorning, Contracts = 0 }],
        ["Disbanding, overdue"] = [.. AnActive, Ending with { EffectiveAt = ThisMorning }, new TeamDisbandmentOverdue(TeamId, 10)],
        ["Disbanded"] = [.. AnActive, Ending, new TeamDisbanded(TeamId, Today, 10, 0, null)],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["FormTeam"] = c => Form(c, Clinic),
        ["AddTeamMember"] = c => Add(c, SecondGp, "gp", 0.5m),
        ["AddTeamMember: a nurse"] = c => Add(c, SecondNurse, "nurse", 0.5m),
        ["RemoveTeamMember"] = c => Remove(c, Pharmacist),
        ["RemoveTeamMember: the nurse"] = c => Remove(c, Nurse),
        ["RemoveTeamMember: the leader"] = c => Remove(c, Gp),
        ["RemoveTeamMember: nobody's"] = c => Remove(c, SecondGp),
        ["ChangeTeamLead"] = c => Lead(WithSecondGp(c)),
        ["ActivateTeam"] = c => ActivateTeam.Take(TeamId, c.By, c.Runner, c.Store, default),
        ["SetTeamCapacity"] = c => Do(c, new SetTeamCapacity(1500).Decide),
        ["SuspendTeam"] = c => Do(c, new SuspendTeam("holidays").Decide),
        ["SuspendIncompleteTeam"] = c => c.Fire(),
        ["ResumeTeam"] = Resume,
        ["EndTeamSuspension"] = c => c.Fire(),
        ["StartDisbandment"] = c => Start(c, new(new(2024, 5, 1), "merged", [OtherTeam])),
        ["WhenReassignmentProgressed"] = c => Progress(c, remaining: 4),
        ["WhenReassignmentProgressed: none remains"] = c => Progress(c, remaining: 0),
        ["CompleteDueDisbandment"] = c => c.Fire(),
        ["CompleteDisbandment: overridden"] = c => Do(c, new CompleteDisbandment("decided").Decide),
        ["CancelDisbandment"] = c => CancelDisbandmentEndpoint.Take(new("new doctor"), TeamId, c.By, c.Runner, c.Store, default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["FormTeam INSTITUTION_NOT_ACTIVE"] = c => Form(c, NewClinic),
        ["FormTeam NOT_FOUND"] = c => Form(c, Unknown),
        ["FormTeam VALIDATION_FAILED"] = c => Form(c, Clinic, " "),
        ["AddTeamMember LICENCE_INVALID"] = c => Add(c.Given<Practitioner>(SecondGp, new PractitionerSuspended(SecondGp, "inquiry", null, null)), SecondGp, "gp", 0.5m),
        ["AddTeamMember: a nurse LICENCE_INVALID"] =
            c => Add(c.Given<Practitioner>(SecondNurse, new LicenceLapsed(SecondNurse, Today)), SecondNurse, "nurse", 0.5m),
        ["AddTeamMember FTE_EXCEEDED"] = c => Add(c, OtherGp, "gp", 0.001m),
        ["AddTeamMember PRACTITIONER_ALREADY_LEADS"] = c => Add(Elsewhere(Leaderless(c)), SecondGp, "gp", 0.5m, lead: true),
        ["AddTeamMember LEAD_NOT_ELIGIBLE"] = c => Add(c, SecondGp, "gp", 0.5m, lead: true),
        ["AddTeamMember RULE_VIOLATION"] = c => Add(c, SecondGp, "nurse", 0.5m),
        ["AddTeamMember VALIDATION_FAILED"] = c => Add(c, SecondGp, "gp", 0),
        ["AddTeamMember NOT_FOUND"] = c => Add(c, Unknown, "gp", 0.5m),
        ["ChangeTeamLead LEAD_NOT_ELIGIBLE"] = Lead,
        ["ChangeTeamLead LICENCE_INVALID"] = c => Lead(WithSecondGp(c).Given<Practitioner>(SecondGp, new PractitionerSuspended(SecondGp, "inquiry", null, null))),
        ["ChangeTeamLead PRACTITIONER_ALREADY_LEADS"] = c => Lead(Elsewhere(WithSecondGp(c))),
        ["ActivateTeam TEAM_INCOMPLETE"] = c => ActivateTeam.Take(TeamId, c.By, c.Given<Team>(TeamId, NurseLeft).Runner, c.Store, default),
        ["ActivateTeam LICENCE_INVALID"] =
            c => ActivateTeam.Take(TeamId, c.By, c.Given<Practitioner>(Gp, new PractitionerSuspended(Gp, "inquiry", null, null)).Runner, c.Store, default),
        ["ActivateTeam INSTITUTION_NOT_ACTIVE"] =
            c => ActivateTeam.Take(TeamId, c.By, c.Given<Institution>(Clinic, new InstitutionSuspended(Clinic, "inspection")).Runner, c.Store, default),
        ["SetTeamCapacity RULE_VIOLATION"] = c => Do(c, new SetTeamCapacity(2001).Decide),
        ["SuspendTeam VALIDATION_FAILED"] = c => Do(c, new SuspendTeam("holidays", new(2024, 2, 29)).Decide),
        ["ResumeTeam INSTITUTION_NOT_ACTIVE"] = c => Resume(c.Given<Institution>(Clinic, new InstitutionSuspended(Clinic, "inspection"))),
        ["StartDisbandment RULE_VIOLATION"] = c => Start(c, new(new(2024, 3, 30), "merged", [OtherTeam])), // 31 March is 30 days ahead
        ["StartDisbandment TEAM_NOT_ACTIVE"] = c => Start(c.Given<Team>(OtherTeam, new TeamSuspended(OtherTeam, "holidays")), new(new(2024, 5, 1), "merged", [OtherTeam])),
        ["StartDisbandment SUCCESSOR_CAPACITY_SHORT"] = c => Start(c, new(new(2024, 5, 1), "merged", [OtherTeam]), own: 600, others: 1401),
        ["StartDisbandment NOT_FOUND"] = c => Start(c, new(new(2024, 5, 1), "merged", [Unknown])),
        ["StartDisbandment INVALID_TRANSITION"] = c => Start(c, new(new(2024, 6, 1), "merged", [OtherTeam])),
        ["CompleteDisbandment: overridden CONTRACTS_REMAIN"] = c => Do(c, new CompleteDisbandment().Decide),
        ["CancelDisbandment INSTITUTION_NOT_ACTIVE"] = c => CancelDisbandmentEndpoint.Take(
            new("new doctor"), TeamId, c.By, c.Given<Institution>(Clinic, new InstitutionSuspended(Clinic, "inspection")).Runner, c.Store, default),
    };

    internal override string StatusOf(Team state) => state.Status.ToString();

    private static MemoryCity WithSecondGp(MemoryCity city) => city.State<Team>(TeamId) is not { } team || team.Status is TeamStatus.Disbanded ? city
        : city.Given<Team>(TeamId, SecondDoctorJoined).Given<PractitionerLoad>(PractitionerLoad.StreamOf(SecondGp), SecondDoctorAssigned);

    private static MemoryCity Elsewhere(MemoryCity city) => city.Given<PractitionerLoad>(PractitionerLoad.StreamOf(SecondGp),
        new PractitionerAssigned(SecondGp, OtherTeam, Clinic, "gp", 0.5m), new LeadTaken(SecondGp, OtherTeam));

    private static MemoryCity Leaderless(MemoryCity city) => city.Given<Team>(TeamId, new TeamLeadChanged(TeamId, Gp, null, Today))
        .Given<PractitionerLoad>(PractitionerLoad.StreamOf(Gp), new LeadReleased(Gp, TeamId));

    private static Task Do(MemoryCity city, Func<Team?, Moment, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<Team>(TeamId, city.By, decide, default);

    private static Task Progress(MemoryCity city, int remaining) => Do(city, (t, at) => WhenReassignmentProgressed.Decide(
        t, new ReassignmentProgressed(TeamId, remaining, 10 - remaining, 0) { OccurredAt = at.Now }, at));

    private static Task Form(MemoryCity city, Guid institution, string grid = "3302030001") => FormTeamEndpoint.Take(
        new(TeamId, institution, Formed.Name, Formed.NameEn, [grid]), TeamId, city.By, city.Runner, default);

    private static Task Add(MemoryCity city, Guid practitioner, string role, decimal fte, bool lead = false) =>
        AddTeamMemberEndpoint.Take(new(practitioner, role, fte, lead), TeamId, city.By, city.Runner, default);

    private static Task Remove(MemoryCity city, Guid practitioner) => city.Runner.Execute<Team, PractitionerLoad>(
        TeamId, PractitionerLoad.StreamOf(practitioner), city.By, (t, l, at) => new RemoveTeamMember("moved").Decide(practitioner, t, l, at), default);

    private static Task Lead(MemoryCity city) =>
        ChangeTeamLeadEndpoint.Take(new(SecondGp), TeamId, city.By, city.Runner, city.Store, default);

    private static Task Resume(MemoryCity city) => city.Runner.Execute<Team, Institution>(
        TeamId, Clinic, city.By, (team, institution, _) => (ResumeTeam.Decide(team, institution), []), default);

    private static Task Start(MemoryCity city, StartDisbandment command, int own = 10, int others = 0) => StartDisbandmentEndpoint.Take(
        command, TeamId, city.By, city.Runner, city.Store, new Dictionary<Guid, int> { [TeamId] = own, [OtherTeam] = others }, default);
}
