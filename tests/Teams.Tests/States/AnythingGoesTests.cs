using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Teams.Closing;
using FamilyDoctor.Teams.Covering;
using FamilyDoctor.Teams.Disbanding;
using FamilyDoctor.Teams.Forming;
using FamilyDoctor.Teams.Helping;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Teams.Registering;
using FamilyDoctor.Teams.Staffing;
using FsCheck;
using FsCheck.Fluent;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

/// <summary>
/// Whatever is asked in whatever order, by people who do not know the rules: what comes out keeps every invariant of the
/// field, and a refusal is a refusal, never a fault. Reactions run as if their messages came, some of them twice.
/// </summary>
public sealed class AnythingGoesTests
{
    private const int Length = 120;

    private static readonly Guid[] Institutions = [Id(1), Id(2), Id(3)], Teams = [Id(11), Id(12), Id(13)],
        People = [.. Enumerable.Range(21, 8).Select(Id)], Requests = [Id(31), Id(32), Id(33)], AbsenceIds = [.. Enumerable.Range(41, 6).Select(Id)], Complaints = [Id(51), Id(52)];

    [Fact]
    public void Random_commands_break_no_invariant_and_never_fault() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Run(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithStartSize(1).WithEndSize(int.MaxValue));

    private static async Task<bool> Run(int seed)
    {
        var random = new Random(seed);
        await using var city = new MemoryCity(Testing.Spec.At("2024-03-01 09:00").Now);
        foreach (var (id, n) in Institutions.Select((id, n) => (id, n)))
            city.Given<Institution>(id, Sample.Registered with { InstitutionId = id }, new InstitutionActivated(id));
        foreach (var (id, n) in People.Select((id, n) => (id, n)))
            city.Given<Practitioner>(id, Sample.Doctor with { PractitionerId = id, InstitutionId = Institutions[0], Kind = new[] { "doctor", "doctor", "doctor", "nurse", "nurse", "pharmacist", "pharmacist", "volunteer" }[n] });
        for (var i = 0; i < Length; i++)
        {
            try
            {
                await Anything(city, random);
            }
            catch (Exception e) when (e is RuleBroken or UnknownId)
            {
            }
            Check(city);
        }
        return true;
    }

    private static Task Anything(MemoryCity c, Random random)
    {
        var (team, person, other, home) = (Of(Teams), Of(People), Of(People), Of(Institutions));
        var role = Of(["gp", "nurse", "pharmacist", "volunteer"]);
        var (now, today) = (c.Clock.Now, c.Policies.At(c.Clock.Now).Today);
        var fte = random.Next(-1, 12) / 10m;
        return random.Next(40) switch
        {
            0 => FormTeamEndpoint.Take(new(team, home, "样例", "Sample"), team, c.By, c.Runner, default),
            1 or 2 or 3 or 4 or 5 or 6 => AddTeamMemberEndpoint.Take(new(person, role, fte, random.Next(3) == 0), team, c.By, c.Runner, default),
            7 => c.Runner.Execute<Team, PractitionerLoad>(team, PractitionerLoad.StreamOf(person), c.By, (t, l, at) => new RemoveTeamMember("x").Decide(person, t, l, at), default),
            8 or 9 => ChangeTeamLeadEndpoint.Take(new(person), team, c.By, c.Runner, c.Store, default),
            10 or 11 or 12 => ActivateTeam.Take(team, c.By, c.Runner, c.Store, default),
            13 => c.Runner.Execute<Team>(team, c.By, new SuspendTeam("x", random.Next(2) == 0 ? null : today.AddDays(random.Next(-1, 5))).Decide, default),
            14 => c.Runner.Execute<Team, Institution>(team, c.State<Team>(team)?.InstitutionId ?? Unknown, c.By, (t, i, _) => (ResumeTeam.Decide(t, i), []), default),
            15 => c.Runner.Execute<Team>(team, c.By, new SetTeamCapacity(random.Next(2) == 0 ? null : random.Next(4000)).Decide, default),
            16 => StartDisbandmentEndpoint.Take(new(today.AddDays(random.Next(25, 40)), "x", random.Next(2) == 0 ? [] : [Of(Teams)]), team, c.By, c.Runner, c.Store,
                new Dictionary<Guid, int> { [team] = random.Next(3) * 900 }, default),
            17 => CancelDisbandmentEndpoint.Take(new("x"), team, c.By, c.Runner, c.Store, default),
            18 => c.Runner.Execute<Team>(team, c.By, new CompleteDisbandment(random.Next(2) == 0 ? null : "x").Decide, default),
            19 => c.Runner.Execute<Team>(team, c.By, (t, at) => WhenReassignmentProgressed.Decide(t,
                new ReassignmentProgressed(team, random.Next(3), random.Next(3), 0) { OccurredAt = now.AddMinutes(random.Next(-5, 5)) }, at), default),
            20 => c.Runner.Execute<Institution>(home, c.By, (i, _) => new SuspendInstitution("x").Decide(i), default),
            21 => c.Runner.Execute<Institution>(home, c.By, (i, _) => ResumeInstitution.Decide(i), default),
            22 => random.Next(4) > 0 ? Task.CompletedTask : CloseInstitutionEndpoint.Take(new(Of(Institutions), "x"), home, c.By, c.Runner, default),
            23 => random.Next(4) > 0 ? Task.CompletedTask : MergeInstitutionsEndpoint.Take(new([.. Institutions.Where(_ => random.Next(2) == 0).DefaultIfEmpty(home).Take(2)]), Of(Institutions), c.By, c.Runner, default),
            24 => Reacting(c.Runner.Execute<Practitioner>(person, c.By, new SuspendPractitioner("x", random.Next(2) == 0 ? null : today.AddDays(random.Next(5))).Decide, default)),
            25 => Reacting(c.Runner.Execute<Practitioner>(person, c.By, (p, _) => ResumePractitioner.Decide(p), default)),
            26 => Reacting(c.Runner.Execute<Practitioner>(person, c.By, new RenewLicence(today.AddDays(random.Next(-1, 20))).Decide, default)),
            27 => random.Next(5) > 0 ? Task.CompletedTask : Reacting(c.Runner.Execute<Practitioner>(person, c.By, new RecordDeparture(today.AddDays(random.Next(-2, 5)), "x").Decide, default)),
            28 or 29 => Reacting(Absent()),
            30 => Reacting(Ended()),
            31 or 32 => RequestHelpEndpoint.Take(new(Of(Requests), team, role, random.Next(2) == 0 ? null : person, Id(50), "x", random.Next(3) > 0), Of(Requests), c.By, c.Runner, c.Store, c.Clock, default),
            33 => c.Runner.Execute<HelpRequest>(Of(Requests), c.By, (h, _) => new AnswerHelp(person, "x").Decide(h), default),
            34 => AwardStarEndpoint.Take(new(random.Next(2021, 2026), [new("all", random.Next(70, 105))]), person, new(100, random.Next(3)), c.By, c.Runner, default),
            35 => OpenStudioEndpoint.Take(new(Ids.Of($"studio {person}"), person, team), Ids.Of($"studio {person}"), c.By, c.Runner, default),
            36 => c.Runner.Execute<Practitioner>(person, c.By, new RevokeStar("x").Decide, default),
            37 => Complain(),
            _ => Later(),
        };

        T Of<T>(T[] all) => all[random.Next(all.Length)];

        Task Absent() => random.Next(3) == 0 && c.State<Absences>(Absences.StreamOf(person)) is { } known
            ? ChangeCoverEndpoint.Take(new(other, now.AddHours(random.Next(-5, 200))), Of([.. known.All.Select(a => a.Id)]), person, c.By, c.Runner, c.Store, default)
            : RecordAbsenceEndpoint.Take(new(null, now.AddHours(random.Next(-20, 40)), now.AddHours(random.Next(-5, 200)), other, "x"), Of(AbsenceIds), person, c.By, c.Runner, c.Store, default);

        Task Ended() => c.Runner.Execute<Absences>(Absences.StreamOf(person), c.By, (a, _) => EndAbsence.Decide(Of(AbsenceIds), a), default);

        async Task Complain()
        {
            var id = Of(Complaints);
            await RaiseComplaintEndpoint.Take(new(id, person, team, Of(["safety", "access"])), id, c.By, c.Runner, default);
            await UpholdComplaintEndpoint.Take(new("x"), id, c.By, c.Runner, c.Store, default);
        }

        async Task Later()
        {
            c.Clock.Now = c.Clock.Now.AddHours(random.Next(1, random.Next(2) == 0 ? 48 : 1000));
            await c.Fire();
            await Reacting(Task.CompletedTask);
        }

        async Task Reacting(Task command)
        {
            await command;
            await React(c);
            if (random.Next(4) == 0)
                await React(c); // a message comes twice
        }
    }

    /// <summary>What the reactions would do about everybody, in any order and more often than needed.</summary>
    private static async Task React(MemoryCity c)
    {
        foreach (var person in People)
        {
            var load = PractitionerLoad.StreamOf(person);
            foreach (var team in Teams)
            {
                await c.Runner.Execute<Team, PractitionerLoad, Practitioner>(team, load, person, c.By, (t, l, p, at) =>
                {
                    var (ofTeam, ofLoad) = WhenPractitionerChanged.Decide(t, l, p, at);
                    return (ofTeam, ofLoad, []);
                }, default);
                await c.Runner.Execute<PractitionerLoad, Practitioner, Team>(load, person, team, c.By, WhenTeamDisbandedThenMembersAreFree.Decide, default);
            }
        }
        foreach (var request in Requests)
        {
            if (c.State<HelpRequest>(request) is { } help)
                await WhenSomebodyIsAway.Take(request, help.Asked.TeamId, c.By, c.Runner, c.Store, c.Clock, default);
        }
    }

    private static void Check(MemoryCity c)
    {
        var at = c.Policies.At(c.Clock.Now);
        var teams = Teams.Select(c.State<Team>).OfType<Team>().ToList();
        foreach (var t in teams)
        {
            Assert.Equal(t.Members.Count, t.Members.DistinctBy(m => m.PractitionerId).Count());
            Assert.True(t.LeaderId is not { } leader || t.MemberOf(leader) is { Role: Team.Gp }, "the leader is a family doctor and a member");
            Assert.True(t.MaxPanel <= Team.Highest(t.Basis), "maxPanel <= sum(cap x fte)");
            Assert.Equal(t.Status is not TeamStatus.Forming && t.MissingRoles().Any(), t.CompositionBreachSince is not null);
            Assert.True(t.Status is not TeamStatus.Active || t.CompositionBreachSince is null || t.SuspendsAt is not null, "an active team in breach is counted down");
            Assert.All(t.Members.Where(m => m.Role is Team.Gp), m => Assert.Equal("doctor", c.State<Practitioner>(m.PractitionerId)!.Kind));
            Assert.True((t.Status is TeamStatus.Disbanding or TeamStatus.Disbanded) == t.Disbandment is not null, "a disbanding team knows how far it is");
        }
        foreach (var help in Requests.Select(c.State<HelpRequest>).OfType<HelpRequest>().Where(h => h is { Status: HelpStatus.Open, Owner: not null }))
            Assert.Null(c.State<Absences>(Absences.StreamOf(help.Owner!.Value))?.At(c.Clock.Now)); // no task is ever owned by somebody absent
        foreach (var person in People)
        {
            var load = c.State<PractitionerLoad>(PractitionerLoad.StreamOf(person));
            Assert.True((load?.Fte ?? 0) <= 1, "sum of fte <= 1");
            foreach (var t in teams.Where(t => t.Status is not TeamStatus.Disbanded))
            {
                Assert.Equal(t.MemberOf(person)?.Fte, load?.Teams.TryGetValue(t.Id, out var fte) is true ? fte : null);
                Assert.Equal(t.LeaderId == person, load?.Leads == t.Id);
            }
            var practitioner = c.State<Practitioner>(person)!;
            Assert.True(practitioner.Studio is null || practitioner.Awards[^1].Stars is 5, "a studio needs a five-star leader");
            Assert.All(practitioner.Awards.Where(a => a.Stars is 5), a =>
                Assert.Contains(practitioner.Awards, before => before.Period == a.Period - 1));
            foreach (var absence in c.State<Absences>(Absences.StreamOf(person))?.All.Where(a => a.IsOpen) ?? [])
            {
                Assert.NotEqual(person, absence.CoveredBy);
                Assert.Equal(practitioner.Kind, c.State<Practitioner>(absence.CoveredBy)!.Kind);
            }
        }
    }
}
