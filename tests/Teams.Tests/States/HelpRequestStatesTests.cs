using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Helping;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class HelpRequestStatesTests() : StatesTable<HelpRequest>("HelpRequest", Subject, "2024-03-01 09:00")
{
    private static readonly HelpRequested Asked = new(Subject, TeamId, "pharmacist", Gp, Resident, "polypharmacy", true, DateTimeOffset.Parse("2024-03-03T01:00:00Z"));
    private static readonly HelpAssigned Assigned = new(Subject, Pharmacist, Pharmacist);

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Open"] = [Asked, Assigned],
        ["Open, since the day before yesterday"] = [Asked with { DueAt = DateTimeOffset.Parse("2024-02-29T16:00:00Z") }, Assigned],
        ["Open, its owner away"] = [Asked, Assigned],
        ["Answered"] = [Asked, Assigned, new HelpAnswered(Subject, Pharmacist, null, "advised")],
        ["Declined"] = [Asked, Assigned, new HelpDeclined(Subject, Pharmacist, null, "notHere")],
        ["Withdrawn"] = [Asked, Assigned, new HelpWithdrawn(Subject, "solved")],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RequestHelp"] = c => Request(c, new(Subject, TeamId, "pharmacist", Gp, Resident, "polypharmacy")),
        ["AnswerHelp"] = c => Do(c, new AnswerHelp(Pharmacist, "advised").Decide),
        ["DeclineHelp"] = c => Do(c, new DeclineHelp(Pharmacist, "notHere").Decide),
        ["WithdrawHelp"] = c => Do(c, new WithdrawHelp("solved").Decide),
        ["RemindOfHelp"] = c => c.Fire(),
        ["WhenSomebodyIsAway"] = c => WhenSomebodyIsAway.Take(Subject, TeamId, c.By, c.Runner, c.Store, c.Clock, default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RequestHelp TEAM_NOT_ACTIVE"] = c => Request(c.Given<Team>(Another, Formed with { TeamId = Another }), new(Subject, Another, "pharmacist", null, Resident, "polypharmacy")),
        ["RequestHelp TEAM_INCOMPLETE"] = c => Request(c, new(Subject, TeamId, "nutritionist", Gp, Resident, "diet")),
        ["RequestHelp RULE_VIOLATION"] = c => Request(c, new(Subject, TeamId, "pharmacist", Nurse, Resident, "polypharmacy")),
        ["RequestHelp VALIDATION_FAILED"] = c => Request(c, new(Subject, TeamId, "pharmacist", null, null, "polypharmacy")),
        ["RequestHelp NOT_FOUND"] = c => Request(c, new(Subject, Unknown, "pharmacist", Gp, Resident, "polypharmacy")),
        ["AnswerHelp NOT_THE_OWNER"] = c => Do(c, new AnswerHelp(SecondPharmacist, "advised").Decide),
        ["DeclineHelp NOT_THE_OWNER"] = c => Do(c, new DeclineHelp(SecondPharmacist, "notHere").Decide),
    };

    internal override string StatusOf(HelpRequest state) => state.Status.ToString();

    internal override void Around(MemoryCity city, string state)
    {
        base.Around(city, state);
        if (state == "Open, its owner away")
            Away(city, Pharmacist, SecondPharmacist);
    }

    [Fact]
    public async Task A_request_follows_the_covers_to_somebody_who_is_there_and_comes_back()
    {
        await using var city = new MemoryCity(Testing.Spec.At("2024-03-01 09:00").Now);
        Build<HelpRequest>(city);
        Away(city, Pharmacist, SecondPharmacist);
        await Request(city, new(Subject, TeamId, "pharmacist", Gp, Resident, "polypharmacy"));
        Assert.Equal((Pharmacist, SecondPharmacist, Pharmacist), Owned(city)); // responsible, owner, and for whom he acts

        city.Given<Practitioner>(Another, Doctor with { PractitionerId = Another, Kind = "pharmacist" });
        Away(city, SecondPharmacist, Another);
        await WhenSomebodyIsAway.Take(Subject, TeamId, city.By, city.Runner, city.Store, city.Clock, default);
        Assert.Equal((Pharmacist, Another, Pharmacist), Owned(city));

        city.Clock.Now = city.Clock.Now.AddDays(20);
        await WhenSomebodyIsAway.Take(Subject, TeamId, city.By, city.Runner, city.Store, city.Clock, default);
        Assert.Equal((Pharmacist, Pharmacist, null), Owned(city));
    }

    [Fact]
    public async Task A_request_goes_to_another_member_when_its_own_has_left_and_waits_when_nobody_is_there()
    {
        await using var city = new MemoryCity(Testing.Spec.At("2024-03-01 09:00").Now);
        Build<HelpRequest>(city);
        city.Given<Team>(TeamId, PharmacistJoined with { PractitionerId = SecondPharmacist });
        await Request(city, new(Subject, TeamId, "pharmacist", Gp, Resident, "polypharmacy"));
        city.Given<Team>(TeamId, new TeamMemberLeft(TeamId, Pharmacist, Today, "departed"));
        await WhenSomebodyIsAway.Take(Subject, TeamId, city.By, city.Runner, city.Store, city.Clock, default);
        Assert.Equal((SecondPharmacist, SecondPharmacist, null), Owned(city));
        city.Given<Team>(TeamId, new TeamMemberBarred(TeamId, SecondPharmacist, Today, "suspended"));
        await WhenSomebodyIsAway.Take(Subject, TeamId, city.By, city.Runner, city.Store, city.Clock, default);
        Assert.Equal((null, null, null), Owned(city));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_volunteer_answers_nothing_clinical(bool clinical)
    {
        await using var city = new MemoryCity(Testing.Spec.At("2024-03-01 09:00").Now);
        Build<HelpRequest>(city);
        city.Given<Team>(TeamId, new TeamMemberJoined(TeamId, Volunteer, "volunteer", 0.5m, Today));
        var asking = Request(city, new(Subject, TeamId, "volunteer", Gp, Resident, "shopping", clinical));
        if (clinical)
            Assert.Equal("RULE_VIOLATION", (await Assert.ThrowsAsync<RuleBroken>(() => asking)).Code);
        else
            await asking;
    }

    private static (Guid?, Guid?, Guid?) Owned(MemoryCity city) =>
        city.State<HelpRequest>(Subject) is { } help ? (help.Responsible, help.Owner, help.OnBehalfOf) : default;

    private static void Away(MemoryCity city, Guid who, Guid cover) => city.Given<Absences>(Absences.StreamOf(who),
        new CoverNamed(Ids.Of($"absence {who}"), who, cover, Testing.Spec.At("2024-02-26 00:00").Now, Testing.Spec.At("2024-03-09 00:00").Now, "leave"),
        new AbsenceStarted(Ids.Of($"absence {who}"), who, cover));

    private static Task Do(MemoryCity city, Func<HelpRequest?, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<HelpRequest>(Subject, city.By, (help, _) => decide(help), default);

    private static Task Request(MemoryCity city, RequestHelp command) =>
        RequestHelpEndpoint.Take(command, Subject, city.By, city.Runner, city.Store, city.Clock, default);
}
