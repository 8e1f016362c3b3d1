using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Dashboard.Tests;

/// <summary>A small city's messages of nine years, from a seed; in Ningbo's ten districts.</summary>
internal sealed class SampleCity
{
    public static readonly DateTimeOffset Now = new(2024, 1, 9, 10, 30, 0, TimeSpan.FromHours(8));
    private static readonly string[] Codes =
        ["330203", "330205", "330206", "330211", "330212", "330213", "330225", "330226", "330281", "330282"];
    private static readonly int[] People = [1041409, 488885, 829419, 510480, 1609465, 577505, 567653, 695947, 1254032, 1829488];
    private readonly Random random;
    private readonly Saying says = new();
    private readonly int scale;
    private readonly List<(Guid Id, string District)> institutions = [];
    private readonly List<(Guid Id, Guid Institution, string District)> teams = [];
    private readonly List<Guid> hospitals = [];

    private SampleCity(int scale, int seed) => (this.scale, random) = (scale, new(seed));

    public static List<IntegrationEvent> Messages(int scale, int seed = 1)
    {
        var city = new SampleCity(scale, seed);
        city.Directory();
        city.Contracts();
        city.Appointments();
        city.Referrals();
        city.Exams();
        city.BedsAndVisits();
        return city.says.All;
    }

    private static DateTimeOffset At(int year, int month, int day, int hour = 9) => new(year, month, day, hour, 0, 0, TimeSpan.FromHours(8));

    private DateTimeOffset In2023() => At(2023, 1, 1).AddMinutes(random.Next(365 * 24 * 60));

    /// <summary>Mostly last year, a few in the last days, so that both have something to show.</summary>
    private DateTimeOffset Lately(double share = 0.12) => random.NextDouble() < share ? Now.AddMinutes(-random.Next(9 * 24 * 60)) : In2023();

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    private void Directory()
    {
        for (var d = 0; d < Codes.Length; d++)
        {
            says.That(says.Id($"census:{d}"), At(2021, 5, 20), new FigureReported("usualResidents", Codes[d], new(2020, 11, 1), new(2020, 11, 1),
                Math.Round(People[d] / (double)scale), "persons", "Seventh national census", new(2021, 5, 20)));
        }
        says.That(says.Id("visits:p"), At(2024, 1, 5), new FigureReported("primaryCareVisits", null, new(2023, 1, 1), new(2023, 12, 31), 66_100, "visits", "Hospital feed", new(2024, 1, 5)));
        says.That(says.Id("visits:h"), At(2024, 1, 5), new FigureReported("hospitalVisits", null, new(2023, 1, 1), new(2023, 12, 31), 33_900, "visits", "Hospital feed", new(2024, 1, 5)));
        for (var i = 0; i < Math.Max(10, 154 / scale); i++)
        {
            var id = says.Id($"institution:{i}");
            institutions.Add((id, Codes[i % 10]));
            says.That(id, At(2015, 1, 5 + i % 20), new InstitutionRegistered(new(id, $"第{i + 1}社区卫生服务中心", $"Health centre {i + 1}", Codes[i % 10], "Active", 29.8, 121.5)));
        }
        for (var i = 0; i < 3; i++)
        {
            var id = says.Id($"hospital:{i}");
            hospitals.Add(id);
            says.That(id, At(2015, 1, 2), new HospitalRegistered(new(id, $"市第{i + 1}医院", $"City Hospital {i + 1}", Codes[i], 3, ["cardiology", "respiratory"], ["CT", "MRI"])));
        }
        for (var i = 0; i < Math.Max(20, 1540 / scale); i++)
        {
            var (id, (institution, district)) = (says.Id($"team:{i}"), institutions[i % institutions.Count]);
            teams.Add((id, institution, district));
            var members = new List<TeamMemberFacts>();
            foreach (var (kind, n) in new[] { ("doctor", 2 + i % 2), ("nurse", i % 9 == 0 ? 0 : 2), ("publicHealth", 1), ("volunteer", i % 2) })
            {
                for (var m = 0; m < n; m++)
                {
                    var person = says.Id($"practitioner:{i}:{kind}:{m}");
                    var stars = kind != "doctor" ? 0 : random.Next(100) switch { < 2 => 5, < 11 => 4, < 37 => 3, _ => 0 };
                    says.That(person, At(2015, 2, 1), new PractitionerRegistered(new(person, kind, institution, district, 0, new(2030, 1, 1))));
                    if (stars > 0)
                        says.That(person, At(2023, 12, 20), new StarAwarded(new(person, kind, institution, district, stars, null), stars, 2023, new(2023, 12, 20), new(2024, 12, 19)));
                    if (stars == 5)
                    {
                        says.That(says.Id($"studio:{i}:{m}"), At(2023, 12, 21), new StudioOpened(says.Id($"studio:{i}:{m}"), person, id, institution, district));
                        if (i % 2 == 0)
                            says.That(says.Id($"studio:{i}:{m}"), At(2024, 1, 5), new StudioClosed(says.Id($"studio:{i}:{m}"), person, "moved"));
                    }
                    members.Add(new(person, kind == "doctor" ? "gp" : kind, 1));
                }
            }
            var team = new TeamFacts(id, institution, district, $"第{i + 1}团队", $"Team {i + 1}", "Active", members[0].PractitionerId, members, 4000);
            says.That(id, At(2015, 3, 1), new TeamFormed(team with { Status = "Forming", MaxPanel = 0 }));
            says.That(id, At(2015, 3, 2), new TeamActivated(team));
        }
    }

    private void Contracts()
    {
        double contracted = 0;
        for (var year = 2015; year <= 2023; year++)
        {
            var stock = 150_000 * Math.Pow(13.6, (year - 2015) / 8.0) / scale;
            for (; contracted < stock; contracted++)
                Contract((int)contracted, new DateOnly(year, 1, 1).AddDays(5 + random.Next(350)));
        }
    }

    private void Contract(int n, DateOnly first)
    {
        var (resident, enrolment) = (says.Id($"resident:{n}"), says.Id($"enrolment:{n}"));
        var (team, institution, district) = teams[n % teams.Count];
        Guid? old = null;
        for (var (starts, term) = (first, 0); starts < DateOnly.FromDateTime(Now.DateTime); (starts, term) = (starts.AddYears(1), term + 1))
        {
            var id = says.Id($"contract:{n}:{term}");
            var facts = new ContractFacts(id, resident, team, institution, district, null, first, starts, starts.AddYears(1).AddDays(-1), "Active",
                n % 3 == 0 ? ["elderly"] : []);
            var at = new DateTimeOffset(starts.ToDateTime(new(10, 0)), TimeSpan.FromHours(8));
            says.That(enrolment, old is null ? at : at.AddDays(-20), old is { } before ? new ContractRenewed(facts, before, 0) : new ContractSigned(facts));
            if (n % 9 == 0 && term == 1)
            {
                // Renewed early, he goes to the next team while the old term still runs.
                (var from, (team, institution, _)) = (team, teams[(n + 1) % teams.Count]);
                says.That(enrolment, at.AddDays(-10), new ContractTransferred(
                    facts with { TeamId = team, InstitutionId = institution, TermBefore = old }, from, "residentWish", false, false, starts.AddDays(-10)));
            }
            old = id;
            if (n % 4 == 0)
                Services(n, facts, at);
            if (n % 9 == 0 && starts.Year == 2023)
                Move(n, enrolment, facts);
        }
    }

    private void Services(int n, ContractFacts facts, DateTimeOffset at)
    {
        var obligation = says.Id($"obligation:{facts.ContractId}");
        says.That(obligation, at, new ServiceObligationScheduled(obligation, facts.ResidentId, facts.ContractId, facts.TeamId, "elderly", "followUp", 2, facts.EndsOn));
        for (var time = 0; time < n % 3; time++)
            says.That(obligation, at.AddDays(30 + time * 60), new ServiceDelivered(obligation, facts.ResidentId, facts.TeamId, "clinic"));
        says.That(obligation, at.AddDays(40), new SurveyAnswered(says.Id($"survey:{obligation}"), says.Id("practitioner:0:doctor:0"), facts.TeamId, facts.InstitutionId, facts.DistrictCode, says.Id("appointment:0"), 3 + n % 3));
    }

    /// <summary>Said in one breath, so that only the version tells which word is the newer one.</summary>
    private void Move(int n, Guid enrolment, ContractFacts facts)
    {
        says.That(enrolment, At(2023, 12, 20), new ContractReassignmentRequired(facts with { Status = "AwaitingReassignment" }, Any(teams).Id, new(2024, 1, 19)));
        if (n % 2 == 0)
            says.That(enrolment, At(2023, 12, 20), new ContractTransferred(facts with { TeamId = Any(teams).Id }, facts.TeamId, "accepted", true, false, new(2023, 12, 20)));
        else if (n % 5 == 0)
            says.That(enrolment, At(2023, 12, 20), new ContractReassignmentCancelled(facts));
        if (n % 7 != 0)
            return;
        says.That(enrolment, At(2023, 12, 21), new ContractTerminated(facts with { Status = "Terminated" }, "Died", new(2023, 12, 21)));
        says.That(enrolment, At(2023, 12, 21), new ContractReinstated(facts));
    }

    private void Appointments()
    {
        for (var i = 0; i < 1_690_000 / scale; i++)
        {
            var (id, (team, institution, district), at) = (says.Id($"appointment:{i}"), Any(teams), Lately(0.03));
            var facts = new AppointmentFacts(id, says.Id("session"), says.Id($"resident:{i % 500}"), says.Id($"contract:{i}"), team, institution, district, "clinic", at.AddDays(2), "Booked");
            says.That(id, at, new AppointmentBooked(facts));
            if (at.AddDays(2) < Now)
                says.That(id, at.AddDays(2), i % 25 == 0 ? new AppointmentNoShow(facts) : new AppointmentFulfilled(facts, "advice"));
        }
    }

    private void Referrals()
    {
        for (var i = 0; i < 108_000 / scale; i++)
        {
            var (id, (team, institution, district), at) = (says.Id($"referral:{i}"), Any(teams), Lately(0.2));
            var (hospital, priority) = (Any(hospitals), random.Next(12) switch { 0 => "urgent", 1 => "emergency", _ => "routine" });
            var facts = new ReferralFacts(id, Ids.Human('R', id), says.Id($"resident:{i}"), null, team, institution, district, hospital,
                i % 2 == 0 ? "cardiology" : "respiratory", priority, "Submitted", hospital, at, at.AddHours(priority == "routine" ? 72 : 24), null, null, null);
            says.That(id, at, new ReferralSubmitted(facts));
            var answer = at.AddHours(random.Next(1, i % 11 == 0 ? 100 : 40));
            if (answer > Now || random.Next(60) == 0)
            {
                if (facts.ResponseDueAt < Now)
                    says.That(id, facts.ResponseDueAt!.Value, new ReferralOverdue(facts, 1, "hospital"));
                continue;
            }
            if (random.Next(20) == 0)
            {
                says.That(id, answer, new ReferralDeclined(facts with { Status = "Declined", RespondedAt = answer }, "grassroots"));
                continue;
            }
            var slot = answer.AddDays(random.Next(1, 6));
            facts = facts with { Status = "Scheduled", RespondedAt = answer, SlotStart = slot };
            says.That(id, answer, new ReferralScheduled(facts, priority != "routine"));
            if (slot > Now)
                continue;
            if (random.Next(25) == 0)
            {
                says.That(id, slot.AddHours(2), new ReferralNoShow(facts with { Status = "NoShow" }));
                continue;
            }
            var admitted = random.Next(5) == 0;
            facts = facts with { Status = "InCare", ArrivedAt = slot };
            says.That(id, slot, new PatientArrived(facts, admitted));
            if (slot.AddDays(4) > Now)
                continue;
            says.That(id, slot.AddDays(3), new OutcomeReturned(facts with { Status = "OutcomeReturned" }, admitted ? "admitted" : "treated", null));
            says.That(id, slot.AddDays(4), new ReferralClosed(facts with { Status = "Closed" }, true));
            if (admitted)
                Down(i, id, facts, slot.AddDays(3));
        }
        for (var day = 0; day < 20; day++)
        {
            var quota = new QuotaFacts(hospitals[day % 3], "cardiology", new DateOnly(2024, 1, 1).AddDays(day), day == 8 ? 5 : 12, 2, 18, Now.AddDays(day));
            says.That(says.Id($"quota:{day}"), At(2023, 12, 10), new QuotaPublished(quota));
            if (day == 8)
                says.That(says.Id($"quota:{day}"), At(2024, 1, 8), new QuotaShortfallDetected(quota, 20, 30, 14));
        }
    }

    private void Down(int i, Guid up, ReferralFacts facts, DateTimeOffset at)
    {
        var id = says.Id($"down:{i}");
        var down = new DownReferralFacts(id, Ids.Human('D', id), facts.ResidentId, null, facts.TeamId, facts.InstitutionId, facts.DistrictCode,
            facts.HospitalId, "Proposed", facts.InstitutionId, true, at, at.AddHours(72), up);
        says.That(id, at, new DownReferralProposed(down));
        says.That(id, at.AddHours(5), new DownReferralAccepted(down with { Status = "FollowUpScheduled" }));
        says.That(id, at.AddHours(i % 6 == 0 ? 90 : 30), new FirstContactMade(down with { Status = "Closed" }, "phone", at.AddHours(i % 6 == 0 ? 90 : 30)));
        says.That(id, at.AddHours(100), new DownReferralClosed(down with { Status = "Closed" }));
    }

    private void Exams()
    {
        for (var i = 0; i < 33_000 / scale; i++)
        {
            var (id, (team, institution, district), at) = (says.Id($"exam:{i}"), Any(teams), Lately());
            var facts = new ExamFacts(id, says.Id($"resident:{i}"), null, team, institution, district, Any(hospitals), Any(["CT", "MRI", "endoscopy", "PETCT"]), "chest", "Held", at.AddHours(-2), at.AddDays(3));
            says.That(id, at, new ExamBooked(facts));
            says.That(id, at.AddMinutes(5), new ExamConfirmed(facts with { Status = "Confirmed" }));
            if (at.AddDays(4) > Now)
                continue;
            says.That(id, at.AddDays(3), new ExamPerformed(facts with { Status = "Performed" }));
            says.That(id, at.AddDays(4), new ExamReportReturned(facts with { Status = "ReportReturned" }, false));
        }
    }

    private void BedsAndVisits()
    {
        foreach (var (id, district) in institutions)
            says.That(says.Id($"capacity:{id}"), At(2022, 6, 1), new BedCapacitySet(id, district, 5061 / scale / institutions.Count + 3));
        var visits = 23_000 / scale;
        for (var i = 0; i < 5061 / scale; i++)
        {
            var (id, (team, institution, district), at) = (says.Id($"bed:{i}"), Any(teams), Lately());
            var opened = DateOnly.FromDateTime(at.DateTime);
            var facts = new BedFacts(id, Ids.Human('B', id), says.Id($"resident:{i}"), null, team, institution, district, i % 4 == 0 ? "hospitalDischarge" : "team", "therapeutic",
                "Requested", null, null);
            says.That(id, at.AddDays(-2), new BedRequested(facts));
            says.That(id, at.AddDays(-1), new BedApproved(facts with { Status = "Approved" }));
            facts = facts with { Status = "Open", OpenedOn = opened, PlannedEndOn = opened.AddDays(60) };
            says.That(id, at, new BedOpened(facts));
            if (i % 4 == 0)
            {
                var offer = says.Id($"offer:{i}");
                says.That(offer, at.AddDays(-3), new DischargeBedOffered(offer, facts.ResidentId, institution, says.Id($"down:{i}"), at));
                says.That(offer, at.AddDays(-2), new DischargeBedOfferAccepted(offer, facts.ResidentId, institution, id));
            }
            var days = 20 + random.Next(40);
            var closed = at.AddDays(days) < Now;
            for (var v = 0; v < 3 && visits > 0; v++, visits--)
                Visit(says.Id($"visit:{i}:{v}"), id, team, institution, district, at.AddHours(20 + v * 7 * 24));
            if (i % 2 == 0)
            {
                // Said in one breath, so that only the version tells which word is the newer one.
                says.That(id, at.AddDays(1), new BedClosureDue(facts with { Status = "ClosingDue" }, "contractTerminated", opened.AddDays(8)));
                says.That(id, at.AddDays(1), new BedPeriodEndingSoon(facts with { Status = "ClosingDue" }, opened.AddDays(60)));
                says.That(id, at.AddDays(1), new BedClosureCancelled(facts));
                says.That(id, at.AddDays(1), new BedExtended(facts = facts with { PlannedEndOn = opened.AddDays(120) }, 2));
            }
            if (closed)
                says.That(id, at.AddDays(days), new BedClosed(facts with { Status = "Closed" }, "recovered", opened.AddDays(days), days, 3));
            else if (i % 7 == 0)
                says.That(id, Now.AddDays(-1), new BedClosureDue(facts with { Status = "ClosingDue" }, "contractTerminated", new(2024, 1, 15)));
        }
        for (; visits > 0; visits--)
            Visit(says.Id($"house:{visits}"), null, Any(teams).Id, institutions[0].Id, institutions[0].District, Lately());
    }

    private void Visit(Guid id, Guid? bed, Guid team, Guid institution, string district, DateTimeOffset from)
    {
        var facts = new VisitFacts(id, bed, says.Id("resident:x"), says.Id("practitioner:0:nurse:0"), team, institution, district, "Planned", from, from.AddHours(2));
        says.That(id, from.AddDays(-2), new VisitPlanned(facts));
        if (from.AddHours(2) < Now && random.Next(30) > 0)
            says.That(id, from.AddHours(1), new VisitCompleted(facts with { Status = "Completed" }, from.AddHours(1)));
    }
}
