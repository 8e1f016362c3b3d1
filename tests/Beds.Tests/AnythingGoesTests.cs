using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Runner = FamilyDoctor.EventSourcing.Runner;

namespace FamilyDoctor.Beds.Tests;

/// <summary>
/// Whatever is asked in whatever order, by people and devices that do not know the rules: what comes out keeps every
/// invariant of the field, and a refusal is a refusal, never a fault.
/// </summary>
public sealed class AnythingGoesTests
{
    private const int Length = 150, Seats = 3;
    private static readonly Guid Clinic = Ids.Of("clinic"), Team = Ids.Of("team");
    private static readonly Guid[] Residents = All("resident", 5), Beds = All("bed", 8), Visits = All("visit", 10), People = All("person", 3);

    [Fact]
    public void Random_commands_break_no_invariant_and_never_fault() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Run(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithStartSize(1).WithEndSize(int.MaxValue));

    private static async Task<bool> Run(int seed)
    {
        await using var city = new SmallCity(seed);
        await city.Begin();
        for (var n = 0; n < Length; n++)
        {
            var before = city.Snapshot();
            try
            {
                await city.Ask();
            }
            catch (Exception e) when (e is RuleBroken or UnknownId)
            {
                // A refusal is an answer like any other.
            }
            city.Check(before);
        }
        return true;
    }

    /// <summary>One institution with few beds, the real runner and its deadlines on an event store in memory.</summary>
    private sealed class SmallCity : IAsyncDisposable
    {
        private readonly Random random;
        private readonly SettableClock clock = new(Spec.At("2024-03-01 09:00").Now);
        private readonly InMemoryEventStore store;
        private readonly PolicyBook policies = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        private readonly Runner runner;
        private readonly BedSeats seats;
        private readonly VisitTimes visits;
        private readonly Envelope by = new(new("tester", "clinic"), "correlation");
        private readonly HashSet<Guid> contracted = [.. Residents];

        public SmallCity(int seed)
        {
            random = new(seed);
            store = new(clock);
            runner = new(store, policies, clock, new(clock), new("330200"), NullLogger<Runner>.Instance);
            (seats, visits) = (new(runner, store), new(runner, store, policies));
            Due.Decide(runner, store, seats);
        }

        public async Task Begin()
        {
            await runner.StartAsync(default);
            await SetCapacity(Seats);
        }

        public ValueTask DisposeAsync() => new(runner.StopAsync(default));

        public async Task Ask()
        {
            var (bed, visit, who, resident, now) = (Of(Beds), Of(Visits), Of(People), Of(Residents), clock.Now);
            var from = now.AddMinutes(random.Next(-3000, 9000));
            switch (random.Next(36))
            {
                case 0: await SetCapacity(random.Next(Seats + 2)); break;
                case 1 or 2 or 3: await Request(bed, resident); break;
                case 4: await OnBed(bed, new ScheduleAssessment(from, who).Decide); break;
                case 5 or 6 or 7: await OnBed(bed, (b, _) => new RecordAssessment(random.Next(101), 15, "low", random.Next(8) > 0, random.Next(8) > 0, "familyBed").Decide(b)); break;
                case 8 or 9 or 10: await seats.Execute(bed, by, (b, _, c, at) => new ApproveBed(who, Of(People), random.Next(1, 70)).Decide(b, c, null, at), default); break;
                case 11 or 12: await seats.Execute(bed, by, (b, _, c, at) => new JoinBedWaitlist(who).Decide(b, c, null, at), default); break;
                case 13: await Decline(bed); break;
                case 14 or 15 or 16: await OnBed(bed, (b, at) => new OpenBed("consent", random.Next(1, 20), random.Next(1, 20)).Decide(b, null, at)); break;
                case 17: await seats.Execute(bed, by, (b, _, c, at) => new CancelBedRequest("x").Decide(b, c, by.Actor, at), default); break;
                case 18: await OnBed(bed, (b, _) => new ReviseCarePlan(random.Next(1, 9), 3).Decide(b)); break;
                case 19: await OnBed(bed, (b, _) => new ChangeBedGp(who, "x").Decide(b, null)); break;
                case 20: await OnBed(bed, RequestExtension.Decide); break;
                case 21: await OnBed(bed, new ApproveExtension(random.Next(101), 15, random.Next(2) == 0 ? who : null).Decide); break;
                case 22: await OnBed(bed, new PauseBed().Decide); break;
                case 23: await OnBed(bed, ResumeBed.Decide); break;
                case 24: await seats.Execute(bed, by, (b, _, c, at) => new CloseBed((CloseReason)random.Next(10)).Decide(b, c, null, at), default); break;
                case 25: await Follow(resident); break;
                case 26: await Die(resident, random.Next(2) == 0); break;
                case 27 or 28: await Plan(visit, bed, resident, who, from); break;
                case 29: await PlanAll(bed); break;
                case 30: await visits.Move(visit, v => (who, v.Plan.From), by, (v, d, f, _, at) => new AssignVisit(who).Decide(v, d, f, at), default); break;
                case 31: await visits.Move(visit, v => (v.PractitionerId, from), by, new RescheduleVisit(from, from.AddMinutes(30)).Decide, default); break;
                case 32: await MakeVisit(visit); break;
                case 33: await Sync(visit, bed, resident, who, from); break;
                default: await Later(random.Next(2) == 0 ? random.Next(1, 48) : random.Next(1, 600)); break;
            }

            async Task Later(int hours)
            {
                clock.Now = clock.Now.AddHours(hours);
                foreach (var due in await store.ClaimDue(clock.Now, 1000, default))
                    await runner.Fire(due, by, default);
            }

            Task MakeVisit(Guid id) => random.Next(9) switch
            {
                0 => runner.Execute<HomeVisit>(id, by, SetOutForVisit.Decide, default),
                1 => visits.Execute(id, by, (v, _, b, at) => new StartVisit().Decide(v, b, at), default),
                2 => visits.Execute(id, by, (v, _, b, at) => new RecordObservation([new("8867-4", random.Next(30, 150), "/min")]).Decide(v, b, at), default),
                3 => runner.Execute<HomeVisit>(id, by, (v, _) => new EscalateDeterioration("gpReview").Decide(v), default),
                4 => visits.Execute(id, by, (v, d, _, _) => new RefuseVisit("x").Decide(v, d), default),
                5 => visits.Execute(id, by, RecordNotAtHome.Decide, default),
                6 => visits.Execute(id, by, new MissVisit("x").Decide, default),
                7 => visits.Execute(id, by, (v, d, _, _) => new CancelVisit("x").Decide(v, d), default),
                _ => visits.Execute(id, by, (v, d, b, at) => new CompleteVisit(null, [new("9279-1", random.Next(5, 30), "/min")]).Decide(v, d, b, null, at), default),
            };
        }

        private static Guid Capacity(int year) => BedCapacity.StreamOf(Clinic, year);

        private Task SetCapacity(int approved) => runner.OnLedger<BedCapacity>(Clinic, by, ledger =>
            runner.Execute<BedCapacity>(ledger, by, (c, at) => new SetBedCapacity(Clinic, null, approved).Decide(c, "330203", at), default), default);

        private Task OnBed(Guid bed, Func<FamilyBed?, Moment, IEnumerable<DomainEvent>> decide) => runner.Execute<FamilyBed>(bed, by, decide, default);

        private Task Request(Guid bed, Guid resident) => runner.Execute<FamilyBed, ResidentBeds>(bed, ResidentBeds.StreamOf(resident), by, (b, r, at) =>
            b is not null && b.Request.ResidentId != resident ? ([], []) : new RequestBed(bed, resident, BedOrigin.Team, (BedType)random.Next(3), []).Decide(
                bed, b, r, contracted.Contains(resident) ? new(Team, 1, resident, Team, Clinic, "330203") : null, at), default);

        private async Task Decline(Guid bed)
        {
            if (State<FamilyBed>(bed) is { } known)
                await runner.Execute<FamilyBed, ResidentBeds>(bed, ResidentBeds.StreamOf(known.Request.ResidentId), by, (b, _, _) => new DeclineBed("x").Decide(b), default);
        }

        private async Task Follow(Guid resident)
        {
            if (!contracted.Remove(resident))
                contracted.Add(resident);
            var facts = Sample.Contract with { ResidentId = resident, TeamId = random.Next(3) == 0 ? Of(People) : Team, Status = contracted.Contains(resident) ? "Active" : "Expired" };
            if (State<ResidentBeds>(ResidentBeds.StreamOf(resident))?.Current is { } bed)
                await seats.Execute(bed, by, (b, _, c, at) => FollowContract.Decide(b, c, new(facts, 2, at.Now), at), default);
        }

        private async Task Die(Guid resident, bool dead)
        {
            var guard = State<ResidentBeds>(ResidentBeds.StreamOf(resident));
            if ((dead ? guard?.Current : guard?.Last) is { } bed)
                await seats.Execute(bed, by, (b, r, c, at) => FollowDeath.Decide(b, r, c, new(dead, at.Now), at), default);
        }

        private Task Plan(Guid visit, Guid bed, Guid resident, Guid who, DateTimeOffset from)
        {
            var isBeds = random.Next(4) > 0;
            var right = contracted.Contains(resident) ? new CareRight(Team, 1, resident, Team, Clinic, "330203") : null;
            var plan = new PlanVisit(visit, isBeds ? bed : null, isBeds ? null : resident, who, "nurse", from, from.AddMinutes(random.Next(-5, 90)));
            return visits.Execute(visit, plan.BedId, visits.DayOf(who, from), by, (v, d, b, at) => plan.Decide(visit, v, d, b, right, at), default);
        }

        private Task PlanAll(Guid bed) => PlanVisitsEndpoint.Take(State<FamilyBed>(bed), new(new(9, 0), new(14, 0), policies.At(clock.Now).Today.AddDays(random.Next(20))), by,
            visits, policies.At(clock.Now), default);

        private Task Sync(Guid visit, Guid bed, Guid resident, Guid who, DateTimeOffset from) => SyncOfflineVisitsEndpoint.Take(
            new(visit, random.Next(5) > 0 ? bed : null, resident, who, "nurse", from, from.AddMinutes(random.Next(1, 60)), from, (OfflineOutcome)random.Next(3)),
            by, visits, store, null, null, clock, default);

        private T Of<T>(T[] all) => all[random.Next(all.Length)];

        private T? State<T>(Guid stream) where T : class, IState<T> => store.Load<T>(stream, default).GetAwaiter().GetResult().State;

        public Dictionary<Guid, VisitStatus> Snapshot() => Visits.Select(State<HomeVisit>).OfType<HomeVisit>().ToDictionary(v => v.Id, v => v.Status);

        public void Check(Dictionary<Guid, VisitStatus> before)
        {
            var beds = Beds.Select(State<FamilyBed>).OfType<FamilyBed>().ToList();
            foreach (var resident in Residents)
            {
                var own = beds.Where(b => b.Request.ResidentId == resident && !b.IsOver).ToList();
                Assert.True(own.Count <= 1, "one bed per resident");
                Assert.Equal(own.SingleOrDefault()?.Id, State<ResidentBeds>(ResidentBeds.StreamOf(resident))?.Current);
            }
            var capacity = Enumerable.Range(2024, 12).Select(year => State<BedCapacity>(Capacity(year))).Last(c => c is not null)!;
            var taken = beds.Count(b => b.IsInCare || b.Stage is BedStatus.Approved);
            Assert.Equal(taken, capacity.Taken);
            Assert.True(taken <= Seats + 1, "open + approved <= the largest capacity there was");
            Assert.Equal(beds.Where(b => b.Stage is BedStatus.Waitlisted).Select(b => b.Id).Order(), capacity.Waiting.Select(w => w.BedId).Order());
            Assert.Equal(capacity.Waiting.OrderBy(w => w.Barthel).ThenBy(w => w.Since).Select(w => w.Barthel), capacity.Waiting.Select(w => w.Barthel));
            Assert.All(beds.Where(b => b.Period is not null), b => Assert.True(b.Period!.Number > 1 || b.Period.EndsOn <= b.Period.OpenedOn.AddDays(60), "plannedEndOn <= openedOn + period"));

            var open = Visits.Select(State<HomeVisit>).OfType<HomeVisit>().Where(v => v.IsUnderWay).ToList();
            foreach (var one in open)
            {
                Assert.DoesNotContain(open, other => other.Id != one.Id && other.PractitionerId == one.PractitionerId && other.Plan.From < one.Plan.To && one.Plan.From < other.Plan.To);
                Assert.Contains(State<PractitionerDay>(visits.DayOf(one.PractitionerId, one.Plan.From))!.Open, t => t.VisitId == one.Id);
            }
            foreach (var (id, status) in before.Where(v => v.Value is not (VisitStatus.Planned or VisitStatus.Assigned or VisitStatus.EnRoute or VisitStatus.Started or VisitStatus.Quarantined)))
                Assert.Equal(status, State<HomeVisit>(id)!.Status); // terminal states stay
        }
    }

    private static Guid[] All(string what, int count) => [.. Enumerable.Range(0, count).Select(n => Ids.Of($"{what}:{n}"))];
}
