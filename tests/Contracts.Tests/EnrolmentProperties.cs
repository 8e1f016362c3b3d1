using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Merging;
using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.Contracts.Transferring;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FsCheck;
using FsCheck.Fluent;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Contracts.Tests;

/// <summary>Whatever is asked in whatever order, seats are contracts, caps hold, and nobody has two contracts.</summary>
public sealed class EnrolmentProperties
{
    [Fact]
    public void Random_commands_break_no_invariant_and_are_refused_only_by_rules()
    {
        var command = Gen.Choose(0, 1_000_000).Three().Select(t => (t.Item1, t.Item2, t.Item3));
        Prop.ForAll(Arb.From(command.ArrayOf(120)), commands =>
        {
            var city = new SmallCity();
            foreach (var (what, who, where) in commands)
                city.Do(what, who, where);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    /// <summary>Four residents and three teams of two seats each, in memory.</summary>
    private sealed class SmallCity
    {
        private static readonly Actor Clerk = new("clerk", Role.Clinic), Officer = new("officer", Role.Commission);
        private readonly Enrolment[] residents = [.. Enumerable.Range(0, 4).Select(i => Fold<Enrolment>(Sample.Registered with { ResidentId = Id("resident", i) }, Sample.Eligible))];
        private readonly TeamPanel[] panels = [.. Enumerable.Range(0, 3).Select(i => Fold<TeamPanel>(Sample.Panel with { TeamId = Id("team", i) }))];
        private DateTimeOffset now = At("2024-03-01 09:00").Now;
        private int contracts;

        public void Do(int what, int who, int where)
        {
            now = now.AddHours(what / 30 % 900);
            foreach (var resident in Enumerable.Range(0, residents.Length))
                FireDue(resident);
            var (r, t) = (who % residents.Length, where % panels.Length);
            var (resident_, id, at) = (residents[r], NewId(), Now);
            var contract = where % 11 == 0 ? Id("contract", who % Math.Max(1, contracts)) : resident_.Contract?.Id ?? id;
            switch (what % 30)
            {
                case 0 or 1 or 2 or 3: With(r, t, (e, p) => new ApplyForContract(id, e.ResidentId, p.TeamId, Corrects: e.InError.FirstOrDefault()).Decide(id, e, p, PackageCatalogue.Sample, at)); break;
                case 4 or 5 or 6 or 7: OnOwn(r, (e, p) => new ConfirmContract("inPerson").Decide(contract, e, p, PackageCatalogue.Sample, at)); break;
                case 8: OnOwn(r, (e, p) => new RejectApplication("x").Decide(contract, e, p)); break;
                case 9: OnOwn(r, (e, p) => WithdrawApplication.Decide(contract, e, p)); break;
                case 10 or 11 or 12: OnOwn(r, (e, p) => new RenewContract().Decide(contract, id, e, p, PackageCatalogue.Sample, at)); break;
                case 13 or 14: ToOther(r, t, (e, p, o) => new TransferContract(Id("team", t), "residentWish", ConsentMethod: "inPerson").Decide(contract, e, p, o, Clerk, at)); break;
                case 15: ToOther(r, t, (e, p, o) => new TransferContract(Id("team", t), "teamOverload", true).Decide(contract, e, p, o, Officer, at)); break;
                case 16: Panel(t, p => p.Leaving is null ? new PanelDisbandmentStarted(p.TeamId, DateOnly.MaxValue, 9) : new PanelDisbandmentCancelled(p.TeamId, 10)); break;
                case 17 or 18 or 19: ToOther(r, t, (e, p, o) => RequireReassignment.Decide(p.TeamId, DateOnly.FromDateTime(now.AddDays(60).Date), e, p, who % 3 == 0 ? null : o, who % 2 == 0, at)); break;
                case 20: WithKept(r, (e, p, k) => AcceptReassignment.Decide(contract, e, p, k, at)); break;
                case 21: WithKept(r, (e, p, k) => ObjectToReassignment.Decide(contract, e, p, k, Clerk, at)); break;
                case 22: WithKept(r, (e, p, k) => CancelReassignment.Decide(p!.TeamId, e, p, k)); break;
                case 23: WithKept(r, (e, p, k) => new TerminateContract(TerminationReason.MovedOut).Decide(contract, e, p, k, Clerk, at)); break;
                case 24: WithKept(r, (e, p, k) => new MarkEnteredInError("wrongTeam").Decide(contract, e, p, k)); break;
                case 25: WithKept(r, (e, p, k) => new RecordDeath(at.Today, "hospital").Decide(e, p, k, at)); break;
                case 26: WithKept(r, (e, p, k) => new ReverseDeath("wrongPerson").Decide(e, p, k, at)); break;
                case 27: Merge(r, where % residents.Length); break;
                case 28: Panel(t, p => new PanelChanged(p.TeamId, where % 4, where % 5 > 0, p.GpId, p.TeamVersion + 1)); break;
                default: TurnYear(t); break;
            }
        }

        private Moment Now => At("2024-03-01 09:00") with { Now = now };

        /// <summary>What is due comes first, at its own time, as the runner has it.</summary>
        private void FireDue(int r)
        {
            var late = now;
            while (Enrolment.Deadlines(residents[r]).Where(d => d.Due <= late).MinBy(d => d.Due) is { } due)
            {
                now = due.Due;
                var (before, at) = (residents[r], Now);
                switch (due.Name)
                {
                    case nameof(LapseApplication): OnOwn(r, (e, p) => LapseApplication.Decide(e, p, at)); break;
                    case nameof(SendRenewalReminder): OnOwn(r, (e, _) => (SendRenewalReminder.Decide(e, at), [])); break;
                    case nameof(StartGrace): WithKept(r, (e, p, k) => StartGrace.Decide(e, p, k, at)); break;
                    case nameof(ExpireContract): WithKept(r, (e, p, k) => ExpireContract.Decide(e, p, k, at)); break;
                    case nameof(AssumeReassignment): WithKept(r, (e, p, k) => AssumeReassignment.Decide(e, p, k, at)); break;
                }
                Assert.NotEqual(before, residents[r]); // a deadline that stays due would come for ever
            }
            now = late;
        }

        private void With(int r, int? t, Func<Enrolment, TeamPanel, (Decided, Decided)> decide) => Take(() =>
        {
            var (a, b) = decide(residents[r], t is { } team ? panels[team] : null!);
            return [(r, null, a), (-1, t, b)];
        });

        private void OnOwn(int r, Func<Enrolment, TeamPanel, (Decided, Decided)> decide) => With(r, TeamOf(residents[r].Contract?.TeamId), decide);

        private void ToOther(int r, int t, Func<Enrolment, TeamPanel, TeamPanel?, (Decided, Decided, Decided)> decide) => Take(() =>
        {
            if (TeamOf(residents[r].Contract?.TeamId) is not { } own)
                throw new UnknownId();
            var (a, b, c) = decide(residents[r], panels[own], own == t ? null : panels[t]);
            return [(r, null, a), (-1, own, b), (-1, own == t ? null : t, c)];
        });

        private void WithKept(int r, Func<Enrolment, TeamPanel?, TeamPanel?, (Decided, Decided, Decided)> decide) => Take(() =>
        {
            var (own, kept) = (TeamOf(residents[r].Contract?.TeamId), TeamOf(residents[r].Contract?.Reassignment?.ToTeam));
            if (own is null && residents[r].Contract is null)
                return [(r, null, decide(residents[r], panels[0], null).Item1)];
            var (a, b, c) = decide(residents[r], panels[own!.Value], kept is { } k ? panels[k] : null);
            return [(r, null, a), (-1, own, b), (-1, kept, c)];
        });

        private void Merge(int one, int other)
        {
            if (one == other)
                return;
            if (!MergeResidents.GoesOn(residents[one], residents[other]))
                (one, other) = (other, one);
            Take(() =>
            {
                var own = residents[other].Contract is { HoldsSeat: true } c ? TeamOf(c.TeamId) : null;
                var (a, b, p) = MergeResidents.Decide(residents[one], residents[other], own is { } t ? panels[t] : null, Now);
                return [(one, null, a), (other, null, b), (-1, own, p)];
            });
        }

        private void Panel(int t, Func<TeamPanel, DomainEvent> change) => Take(() => [(-1, t, [change(panels[t])])]);

        private void TurnYear(int t)
        {
            var (closed, opened) = TeamPanel.Turn(panels[t], panels[t].Year + 1);
            Assert.Throws<LedgerTurned>(() => TeamPanel.Reserve(TeamPanel.Evolve(panels[t], closed), Guid.Empty));
            panels[t] = TeamPanel.Evolve(null, opened);
            Check([]);
        }

        private void Take(Func<(int Resident, int? Team, Decided Events)[]> decide)
        {
            (int Resident, int? Team, List<DomainEvent> Events)[] decided;
            try
            {
                decided = [.. decide().Select(d => (d.Resident, d.Team, d.Events.ToList()))];
            }
            catch (Exception e) when (e is RuleBroken or UnknownId or LedgerTurned)
            {
                return;
            }
            foreach (var (r, t, events) in decided)
            {
                foreach (var e in events)
                {
                    if (r >= 0)
                        residents[r] = Enrolment.Evolve(residents[r], e);
                    else
                        panels[t!.Value] = TeamPanel.Evolve(panels[t.Value], e);
                }
            }
            Check([.. decided.SelectMany(d => d.Events)]);
        }

        private void Check(IReadOnlyList<DomainEvent> events)
        {
            foreach (var panel in panels)
            {
                var here = residents.Where(e => e.Contract?.TeamId == panel.TeamId).Select(e => e.Contract!).ToList();
                var kept = residents.Count(e => e.Contract?.Reassignment?.ToTeam == panel.TeamId);
                Assert.Equal((here.Count(c => c.IsCurrent), here.Count(c => c.Status is ContractStatus.PendingConfirmation) + kept), (panel.Confirmed, panel.Reserved));
                if (events.Any(e => e is PanelSeatReserved s && s.TeamId == panel.TeamId) && panel.Seats > panel.Cap)
                    Assert.Contains(events, e => e is PanelOverCapacityDetected o && o.TeamId == panel.TeamId);
            }
            Assert.All(residents, e => Assert.False((e.MergedInto is not null || e.Death is not null) && e.Contract is { HoldsSeat: true }));
            Assert.All(residents, e => Assert.True(e.Contract is not { IsCurrent: true } c || (c.CoveredSince <= c.StartsOn && c.StartsOn <= c.EndsOn && c.Id == e.ContractIds[^1])));
        }

        private int? TeamOf(Guid? team) => Array.FindIndex(panels, p => p.TeamId == team) is >= 0 and var i ? i : null;

        private Guid NewId() => Id("contract", contracts++);

        private static Guid Id(string what, int n) => Ids.Of($"{what}:{n}");

        private static T Fold<T>(params DomainEvent[] history) where T : class, IState<T> => history.Aggregate(default(T), (s, e) => T.Evolve(s, e))!;
    }
}
