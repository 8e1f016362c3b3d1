using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Quotas;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;
using FsCheck;
using FsCheck.Fluent;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>Whatever is asked in whatever order, no slot is given twice, nobody is lost, and a refusal is a refusal, never a fault.</summary>
public sealed class AnythingGoesTests
{
    [Fact]
    public void Random_commands_break_no_invariant_and_never_fault()
    {
        var command = Gen.Choose(0, 1_000_000).Four().Select(t => (t.Item1, t.Item2, t.Item3, t.Item4));
        Prop.ForAll(Arb.From(command.ArrayOf(150)), commands =>
        {
            var city = new SmallCity();
            foreach (var (what, who, where, when) in commands)
                city.Do(what, who, where, when);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>Three residents, two hospitals, three days of a few slots, and a device, in memory.</summary>
    private sealed class SmallCity
    {
        private static readonly Actor Desk = new("desk", Role.Hospital);
        private static readonly HospitalFacts[] Hospitals = [.. Enumerable.Range(0, 2).Select(i => Sample.Hospital with { HospitalId = Id("hospital", i), Level = 2 + i })];
        private static readonly DateOnly[] Days = [new(2024, 3, 5), new(2024, 3, 15), new(2024, 3, 29)];
        private static readonly InstitutionFacts[] Institutions =
            [.. Enumerable.Range(0, 3).Select(i => new InstitutionFacts(Id("institution", i), "", "", "330203", i == 2 ? "Closed" : "Active", 0, 0))];

        private readonly Dictionary<Guid, object> states = [];
        private readonly List<Guid> referrals = [], ways = [], exams = [];
        private DateTimeOffset now = At("2024-03-01 09:00").Now;
        private int made;

        public void Do(int what, int who, int where, int when)
        {
            now = now.AddMinutes(what / 32 % 1200);
            FireDue();
            var (resident, hospital, day) = (who % 3, Hospitals[where % 2], Days[when % Days.Length]);
            var referral = referrals.Count == 0 ? Id("none", 0) : referrals[who % referrals.Count];
            var way = ways.Count == 0 ? Id("none", 0) : ways[who % ways.Count];
            var exam = exams.Count == 0 ? Id("none", 0) : exams[who % exams.Count];
            var book = QuotaBook.StreamOf(Find<Referral>(referral)?.HospitalId ?? hospital.HospitalId, "cardiology", day);
            switch (what % 32)
            {
                case 0:
                    One<QuotaBook>(QuotaBook.StreamOf(hospital.HospitalId, "cardiology", day), (b, at) =>
                    new PublishQuota(hospital.HospitalId, "cardiology", day, new(8, 0), 30, who % 3, where % 2, 1 + (when % 2)).Decide(b, hospital, at)); break;
                case 1: One<QuotaBook>(QuotaBook.StreamOf(hospital.HospitalId, "cardiology", day), new WithdrawSlots([where % 5, when % 5], "doctorIll").Decide); break;
                case 2 or 3 or 4: Draft(resident, hospital, when); break;
                case 5 or 6: OnDay(referral, book, new HoldSlot(day).Decide); break;
                case 7: OnOwnDay(referral, (r, b, _, _) => (ReleaseHold.Decide(r, b).Referral, ReleaseHold.Decide(r, b).Book, [])); break;
                case 8 or 9 or 10: OnOwnDay(referral, (r, b, _, at) => With(new SubmitReferral("consent-1", where % 3 == 0).Decide(r, b, at))); break;
                case 11: One<Referral>(referral, (r, _) => new MergeIntoReferral("more", ["R00"]).Decide(r, null)); break;
                case 12: One<Referral>(referral, (r, at) => new RequestInformation(["labs"]).Decide(r, null, at)); break;
                case 13: One<Referral>(referral, (r, at) => new SupplyInformation(ConditionCodes: ["I21"]).Decide(r, null, at)); break;
                case 14 or 15: OnOwnDay(referral, (r, b, _, at) => With(new AcceptReferral().Decide(r, b, Desk, at))); break;
                case 16: OnDay(referral, book, (r, b, at) => new AcceptReferral(day).Decide(r, b, Desk, at)); break;
                case 17: OnOwnDay(referral, (r, b, _, at) => With(new AcceptToWaitlist(at.Today.AddDays(when % 20 - 1)).Decide(r, b, at))); break;
                case 18: OnOwnDay(referral, (r, b, _, at) => new DeclineReferral("notOurs").Decide(r, b, null, null, at)); break;
                case 19: OnOwnDay(referral, (r, b, _, at) => new DeclineReferral("notOurs", RedirectTo: hospital.HospitalId).Decide(r, b, hospital, null, at)); break;
                case 20: OnOwnDay(referral, (r, b, _, at) => new AdviseInstead("advice").Decide(r, b, null, Desk, at)); break;
                case 21: OnDay(referral, book, new RescheduleReferral(day).Decide); break;
                case 22: OnOwnDay(referral, (r, _, o, at) => MarkReferralNoShow.Decide(r, at) is var (own, others) ? (own, [], others) : default); break;
                case 23: Three<Referral, QuotaBook, ResidentReferrals>(referral, book, OthersOf(referral), new Rebook(day).Decide); break;
                case 24: One<Referral>(referral, new RecordArrival(who % 2 == 0).Decide); break;
                case 25: OnOwnDay(referral, (r, _, o, at) => new ReturnOutcome(Disposition.Treated).Decide(r, null, null, at) is var (own, others) ? (own, [], others) : default); break;
                case 26: One<Referral>(referral, (r, _) => AcknowledgeOutcome.Decide(r)); break;
                case 27: OnOwnDay(referral, (r, _, o, _) => new CloseReferral("moved").Decide(r, o) is var (own, others) ? (own, [], others) : default); break;
                case 28 when where % 3 == 0: OnOwnDay(referral, (r, b, _, at) => WhenResidentDiedThenCancelled.Decide(r, b, Sample.Doctor, at)); break;
                case 28 when where % 3 == 1: OnOwnDay(referral, (r, _, o, at) => WhenDeathReversedThenReopened.Decide(r, o, at) is var (own, others) ? (own, [], others) : default); break;
                case 28: OnOwnDay(referral, (r, b, _, _) => new CancelReferral("resident").Decide(r, b, Sample.Doctor)); break;
                case 29: WayBack(way, resident, hospital, where, when); break;
                default: Examine(exam, resident, hospital, day, where, when); break;
            }
            Check();
        }

        private void Draft(int resident, HospitalFacts hospital, int when)
        {
            var (id, residentId, contract) = (Id("referral", made++), Id("resident", resident), ContractOf(resident, emergency: when % 5 == 0));
            if (when % 7 == 0)
            {
                var worse = new DeteriorationDetected(new(Id("visit", made), null, residentId, Sample.Nurse, Sample.Team, Sample.Institution, "330203", "Started", now, now),
                    8, ["8867-4"], "urgent", now.AddMinutes(30));
                var door = new GreenDoor(hospital, "cardiology", QuotaBook.StreamOf(hospital.HospitalId, "cardiology", Days[when % Days.Length]), ByAmbulance: when % 2 == 0);
                Three<Referral, QuotaBook, ResidentReferrals>(id, door.BookId, ResidentReferrals.StreamOf(residentId),
                    (r, b, o, at) => WhenDeteriorationDetected.Decide(id, r, b, o, worse, contract, door, at));
                if (Find<Referral>(id) is not null)
                    referrals.Add(id);
                return;
            }
            var draft = new DraftReferral(id, residentId, hospital.HospitalId, "cardiology", (ReferralPriority)(when % 3), "chestPain", ["I20"],
                SkipLevelReason: when % 2 == 0 ? "onlyThere" : null, DuplicateReason: when % 4 == 0 ? "otherComplaint" : null);
            Three<Referral, ResidentReferrals, ResidentReferrals>(id, ResidentReferrals.StreamOf(residentId), Id("none", 1), (r, o, _, at) =>
            {
                var (own, others) = draft.Decide(id, r, o, contract, Sample.TeamOfTwo, hospital, null, Sample.Doctor, at);
                return (own, others, []);
            });
            if (Find<Referral>(id) is not null)
                referrals.Add(id);
        }

        private void WayBack(Guid way, int resident, HospitalFacts hospital, int where, int when)
        {
            var (next, institution) = (Id("way", made++), Institutions[when % 3]);
            switch (where % 8)
            {
                case 0:
                    One<DownReferral>(next, (d, at) => new ProposeDownReferral(next, Id("resident", resident), hospital.HospitalId)
                    .Decide(next, d, null, when % 2 == 0 ? ContractOf(resident, false) : null, institution, null, at)); break;
                case 1 or 2: One<DownReferral>(way, (d, _) => AcceptDownReferral.Decide(d)); break;
                case 3: One<DownReferral>(way, new DeclineDownReferral("noCapacity").Decide); break;
                case 4 or 5: One<DownReferral>(way, (d, at) => new ReassignDownReferral(institution.InstitutionId, "nearer").Decide(d, institution, at)); break;
                case 6: One<DownReferral>(way, new RecordFirstContact(ContactMode.Phone).Decide); break;
                default: One<DownReferral>(way, (d, _) => CloseDownReferral.Decide(d)); break;
            }
            if (Find<DownReferral>(next) is not null)
                ways.Add(next);
        }

        private void Examine(Guid exam, int resident, HospitalFacts hospital, DateOnly day, int where, int when)
        {
            var (next, residentId, book) = (Id("exam", made++), Id("resident", resident), ExamBook.StreamOf(hospital.HospitalId, "MRI", day));
            var (own, others) = Find<Exam>(exam) is { } x ? (x.Slot!.BookId, ResidentExams.StreamOf(x.Request.ResidentId)) : (Id("none", 2), Id("none", 3));
            switch (where % 18)
            {
                case 0: One<ExamBook>(book, (b, at) => new OpenExamBook(hospital.HospitalId, "MRI", null, day, new(8, 0), 30, 2).Decide(b, hospital, at)); break;
                case 1 or 2 or 3:
                    Three<Exam, ExamBook, ResidentExams>(next, book, ResidentExams.StreamOf(residentId), (e, b, o, at) =>
                    new RequestExam(next, residentId, hospital.HospitalId, "MRI", day, "knee", new(Implant: when % 7 == 0), when % 2 == 0 ? "worse" : null)
                        .Decide(next, e, b, o, ContractOf(resident, false), Sample.TeamOfTwo, hospital, Sample.Doctor, at)); break;
                case 4 or 5: One<Exam>(exam, (e, _) => ConfirmExam.Decide(e)); break;
                case 6: One<Exam>(exam, (e, _) => RecordExamArrival.Decide(e)); break;
                case 7: One<Exam>(exam, RecordExamPerformed.Decide); break;
                case 8: One<Exam>(exam, (e, at) => new ReturnExamReport(when % 2 == 0).Decide(e, null, at)); break;
                case 9: One<Exam>(exam, AcknowledgeCritical.Decide); break;
                case 10: One<Exam>(exam, AcknowledgeExam.Decide); break;
                case 11: Three<Exam, ExamBook, ResidentExams>(exam, own, others, (e, b, _, _) => new CancelExam("resident").Decide(e, b, Sample.Doctor)); break;
                case 12: Three<Exam, ExamBook, ResidentExams>(exam, own, others, (e, _, _, at) => MarkExamNoShow.Decide(e, at) is var (a, c) ? (a, [], c) : default); break;
                case 13: One<ExamBook>(book, new WithdrawExamSlots([when % 2], "deviceBroken").Decide); break;
                case 14: Three<Exam, ExamBook, ResidentExams>(exam, book, others, (e, b, _, at) => new RescheduleExam(day).Decide(e, b, at)); break;
                case 15: Three<Exam, ExamBook, ResidentExams>(exam, own, others, (e, b, _, at) => WhenResidentDiedThenCancelled.Decide(e, b, Sample.Doctor, at)); break;
                case 16: Three<Exam, ExamBook, ResidentExams>(exam, own, others, WhenDeathReversedThenReopened.Decide); break;
                default: Three<Exam, ExamBook, ResidentExams>(exam, own, others, (e, b, _, _) => new RejectExam("implant").Decide(e, b)); break;
            }
            if (Find<Exam>(next) is not null)
                exams.Add(next);
        }

        /// <summary>What is due comes first, at its own time, as the runner has it.</summary>
        private void FireDue()
        {
            var late = now;
            while (states.SelectMany(s => DeadlinesOf(s.Value).Select(d => (s.Key, Deadline: d))).Where(d => d.Deadline.Due <= late)
                .OrderBy(d => d.Deadline.Due).Select(d => ((Guid, Deadline)?)d).FirstOrDefault() is var (stream, due))
            {
                (now, var before) = (due.Due, states[stream]);
                switch (due.Name)
                {
                    case nameof(ExpireHolds): One<QuotaBook>(stream, ExpireHolds.Decide); break;
                    case nameof(ReleasePoolToPublic): One<QuotaBook>(stream, ReleasePoolToPublic.Decide); break;
                    case nameof(EscalateReferral): One<Referral>(stream, EscalateReferral.Decide); break;
                    case nameof(EscalateDownReferral): One<DownReferral>(stream, EscalateDownReferral.Decide); break;
                    case nameof(EscalateCritical): One<Exam>(stream, EscalateCritical.Decide); break;
                    case nameof(TellOfExamWithdrawal):
                        foreach (var id in ((ExamBook)before).Displaced.Keys)
                            Three<Exam, ExamBook, ResidentExams>(id, stream, ResidentExams.StreamOf(Find<Exam>(id)!.Request.ResidentId), (e, b, o, _) => TellOfExamWithdrawal.Decide(id, e, stream, b, o));
                        break;
                    default:
                        foreach (var id in ((QuotaBook)before).Displaced.Keys)
                            Three<Referral, QuotaBook, QuotaBook>(id, stream, Id("none", 4), (r, b, _, _) => With(TellOfWithdrawal.Decide(id, r, b)));
                        break;
                }
                Assert.False(DeadlinesOf(states[stream]).Contains(due), $"{due} of {before} would come for ever");
            }
            now = late;
        }

        private static IEnumerable<Deadline> DeadlinesOf(object state) => state switch
        {
            QuotaBook b => QuotaBook.Deadlines(b),
            Referral r => Referral.Deadlines(r),
            DownReferral d => DownReferral.Deadlines(d),
            Exam x => Exam.Deadlines(x),
            ExamBook b => ExamBook.Deadlines(b),
            _ => [],
        };

        /// <summary>On the day its slot is on, if any.</summary>
        private void OnOwnDay(Guid referral, Func<Referral?, QuotaBook?, ResidentReferrals?, Moment, (Decided, Decided, Decided)> decide) =>
            Three(referral, Find<Referral>(referral)?.Slot?.BookId ?? Id("none", 5), OthersOf(referral), decide);

        /// <summary>On another day; the old slot is given back with it.</summary>
        private void OnDay(Guid referral, Guid book, Func<Referral?, QuotaBook?, Moment, (Decided, Decided)> decide)
        {
            var old = Find<Referral>(referral)?.Slot?.BookId is { } left && left != book ? left : Id("none", 6);
            Three<Referral, QuotaBook, QuotaBook>(referral, book, old, (r, b, before, at) =>
            {
                var (own, taken) = decide(r, b, at);
                return (own, taken, taken.Any() ? QuotaBook.Release(before, referral) : []);
            });
        }

        private void One<A>(Guid a, Func<A?, Moment, Decided> decide) where A : class, IState<A> =>
            Three<A, ResidentExams, ResidentExams>(a, Id("none", 7), Id("none", 8), (s, _, _, at) => (decide(s, at), [], []));

        private void Three<A, B, C>(Guid a, Guid b, Guid c, Func<A?, B?, C?, Moment, (Decided, Decided, Decided)> decide)
            where A : class, IState<A> where B : class, IState<B> where C : class, IState<C>
        {
            try
            {
                var (x, y, z) = decide(Find<A>(a), Find<B>(b), Find<C>(c), At("2024-03-01 09:00") with { Now = now });
                var (first, second, third) = (x.ToList(), y.ToList(), z.ToList());
                Keep<A>(a, first);
                Keep<B>(b, second);
                Keep<C>(c, third);
            }
            catch (Exception e) when (e is RuleBroken or UnknownId)
            {
            }
        }

        private void Keep<T>(Guid id, IEnumerable<DomainEvent> events) where T : class, IState<T>
        {
            foreach (var e in events)
            {
                var before = states.GetValueOrDefault(id) as QuotaBook;
                states[id] = T.Evolve(Find<T>(id), e);
                if (before is not null && states[id] is QuotaBook after && before.Pools != after.Pools)
                    Assert.True(e is PoolReleasedToPublic or SlotsWithdrawn, $"{e} changed a pool");
            }
        }

        private void Check()
        {
            var books = states.Values.OfType<QuotaBook>().ToList();
            foreach (var book in books)
            {
                Assert.All(Enum.GetValues<Pool>(), pool => Assert.True(book.Free(pool) >= 0, $"{pool} of {book}"));
                Assert.Equal(book.Slots - book.Withdrawn.Count, book.Pools.Total);
                Assert.Equal(book.Taken.Count, book.Taken.Values.Select(t => t.Slot).Distinct().Count());
                Assert.DoesNotContain(book.Taken.Values, t => book.Withdrawn.Contains(t.Slot));
                Assert.All(book.Taken, t => Assert.True(t.Value.Pool is Pool.Urgent || Find<Referral>(t.Key)!.Draft.ContractId is not null,
                    "only an active contract takes a family doctor's slot"));
            }
            foreach (var referral in referrals.Select(id => Find<Referral>(id)!))
            {
                var slots = books.Where(b => b.Taken.ContainsKey(referral.Id)).Select(b => (Book: QuotaBook.StreamOf(b.HospitalId, b.Service, b.Date), Slot: b.Taken[referral.Id])).ToList();
                Assert.True(slots.Count(s => !s.Slot.IsBooked) <= 1, "one live hold per referral");
                Assert.All(slots.Where(s => !s.Slot.IsBooked), s => Assert.Equal(referral.Slot?.BookId, s.Book));
                Assert.True(referral.Status is not ReferralStatus.Scheduled || referral.Slot is null
                    || slots.Any(s => s.Book == referral.Slot.BookId && s.Slot.IsBooked)
                    || books.Any(b => b.Displaced.ContainsKey(referral.Id)), $"{referral} is scheduled without a slot");
                var open = Find<ResidentReferrals>(OthersOf(referral.Id))?.Open.ContainsKey(referral.Id) is true;
                Assert.Equal(Referral.BeforeArrival.Contains(referral.Status) || referral.Status is ReferralStatus.InCare, open);
                Assert.NotEqual(Guid.Empty, referral.OwnerOrganizationId);
                Assert.True(referral.Draft.Priority is not ReferralPriority.Routine || referral.Draft.HospitalLevel < 3 || referral.Draft.SkipLevelReason is not null);
                Assert.True(referral.Rebookings <= 2);
                Assert.True(referral.Status is not (ReferralStatus.Submitted or ReferralStatus.Waitlisted) || Referral.Deadlines(referral).Any()
                    || referral.OverdueLevel == 3, "nobody forgets it");
            }
            foreach (var of in referrals.Select(id => Find<Referral>(id)!).Where(r => Find<ResidentReferrals>(OthersOf(r.Id))!.Open.ContainsKey(r.Id)).GroupBy(r => r.Draft.ResidentId))
                Assert.True(of.Count(r => r.Draft.DuplicateReason is null) <= 1, "one for a service at a time, or a reason");
            Assert.All(exams.Select(id => Find<Exam>(id)!).Where(e => e.Status is ExamStatus.Held or ExamStatus.Confirmed), e => Assert.True(
                Find<ExamBook>(e.Slot!.BookId)!.Taken.ContainsKey(e.Request.ExamId) || Find<ExamBook>(e.Slot.BookId)!.Displaced.ContainsKey(e.Request.ExamId), $"{e} has no slot"));
            Assert.All(ways, id => Assert.NotEqual(Guid.Empty, Find<DownReferral>(id)!.OwnerOrganizationId));
            foreach (var book in states.Values.OfType<ExamBook>())
            {
                Assert.True(book.Taken.Count <= book.Slots && book.Taken.Values.Distinct().Count() == book.Taken.Count);
                Assert.DoesNotContain(book.Taken.Values, book.Withdrawn.Contains);
                Assert.All(book.Taken.Keys, id => Assert.True(Find<Exam>(id)!.Status is not (ExamStatus.Cancelled or ExamStatus.Rejected)));
            }
        }

        private Guid OthersOf(Guid referral) => ResidentReferrals.StreamOf(Find<Referral>(referral)?.Draft.ResidentId ?? Guid.Empty);

        private T? Find<T>(Guid id) where T : class => states.GetValueOrDefault(id) as T;

        /// <summary>Two have a contract, the third one that has ended.</summary>
        private static KnownContract ContractOf(int resident, bool emergency)
        {
            var contract = Sample.Contract(resident == 2 && !emergency ? "Expired" : resident == 2 ? "Terminated" : "Active");
            return contract with { Facts = contract.Facts with { ResidentId = Id("resident", resident) } };
        }

        private static (Decided, Decided, Decided) With((Decided Own, Decided Book) two) => (two.Own, two.Book, []);

        private static Guid Id(string what, int n) => Ids.Of($"{what}:{n}");
    }
}
