using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>Referrals, exams, beds and visits: as many as published, and possible by the rules.</summary>
public sealed class PlannedCareTests
{
    public static TheoryData<string, int> Cities => PlannedCountsTests.Cities;

    [Theory, MemberData(nameof(Cities))]
    public void Flows_of_the_published_year(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        Assert.Equal(Published("referrals"), plan.Referring.Cases.Count);
        Assert.Equal(Published("exams"), plan.Examining.Cases.Count);
        Assert.Equal(Published("bedsOpened"), plan.BedCare.Beds.Count);
        if (plan.City.Find("homeVisits") is not null)
            Assert.Equal(Published("homeVisits"), plan.HomeVisiting.Visits.Count(v => v.Row.CompletedAt is not null));
        Within("referrals", plan.Referring.Cases.Select(c => c.SubmittedAt));
        Within("exams", plan.Examining.Cases.Select(c => c.RequestedAt));
        Within("bedsOpened", plan.BedCare.Beds.Select(b => b.OpenedAt));
        Within("homeVisits", plan.HomeVisiting.Visits.Select(v => v.Row.CompletedAt ?? v.Row.To));

        int Published(string key) => plan.City.Find(key) is { } figure ? Samples.Scaled(figure.Value, scale) : 0;

        void Within(string key, IEnumerable<DateTimeOffset> moments)
        {
            if (plan.PeriodOf(key) is { } period)
                Assert.All(moments, m => Assert.InRange(plan.Days.DateOf(m), period.From, period.To));
        }
    }

    [Theory, MemberData(nameof(Cities))]
    public void Home_visits_are_split_between_beds_and_house_calls_as_assumed(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        var done = plan.HomeVisiting.Visits.Where(v => v.Row.CompletedAt is not null).ToList();
        if (plan.City.Find("homeVisits") is null || plan.BedCare.Beds.Count == 0)
            return;
        Assert.Equal(Apportioning.ShareOf(done.Count, plan.City.Assumptions.BedVisitsShare.Value), done.Count(v => v.Row.BedId is not null));
        Assert.Equal(Apportioning.ShareOf(done.Count, plan.City.Assumptions.MissedVisitShare.Value), plan.HomeVisiting.Visits.Count - done.Count);
    }

    [Theory, MemberData(nameof(Cities))]
    public void Nobody_visits_two_homes_at_once(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var visitor in plan.HomeVisiting.Visits.Select(v => v.Row).GroupBy(v => v.PractitionerId))
        {
            foreach (var (earlier, later) in visitor.OrderBy(v => v.From).Zip(visitor.OrderBy(v => v.From).Skip(1)))
                Assert.True(earlier.To <= later.From, $"{earlier.Id} and {later.Id} overlap.");
        }
    }

    [Theory, MemberData(nameof(Cities))]
    public void Beds_are_visited_only_while_they_are_open_and_nobody_has_two(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        Assert.Distinct(plan.BedCare.Beds.Select(b => b.Resident.Index));
        var beds = plan.BedCare.Beds.ToDictionary(b => b.Id);
        foreach (var visit in plan.HomeVisiting.Visits.Select(v => v.Row).Where(v => v.BedId is not null))
        {
            var bed = beds[visit.BedId!.Value];
            Assert.True(bed.OpenedAt <= visit.OccurredAt && visit.OccurredAt <= visit.From && visit.To < bed.ClosesAt, visit.Id);
        }
        Assert.All(plan.BedCare.Beds, b => Assert.True(
            b.RequestedAt < b.AssessedAt && b.AssessedAt < b.ApprovedAt && b.ApprovedAt < b.OpenedAt && b.OpenedAt < b.ClosesAt, b.Name));
    }

    [Theory, MemberData(nameof(Cities))]
    public void Beds_in_use_never_exceed_what_is_approved(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var capacity in plan.BedCare.Capacities)
        {
            var beds = plan.BedCare.Beds.Where(b => b.Resident.Team.Institution.Id == capacity.InstitutionId).ToList();
            foreach (var bed in beds)
                Assert.True(beds.Count(b => b.ApprovedAt <= bed.ApprovedAt && b.ClosesAt > bed.ApprovedAt) <= capacity.Approved);
        }
    }

    [Theory, MemberData(nameof(Cities))]
    public void Each_pool_has_a_slot_for_every_referral_even_when_it_went_to_the_public(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        var quotas = plan.Referring.Clinics.All.ToDictionary(d => d, plan.Referring.Quota);
        foreach (var day in plan.Referring.Cases.GroupBy(c => c.Clinic))
        {
            var quota = quotas[day.Key];
            Assert.True(day.Count(c => c.Fate is not Fate.Urgent) <= Math.Min(quota.FamilyDoctor, quota.Public), quota.Id);
            Assert.True(day.Count(c => c.Fate is Fate.Urgent) <= quota.Urgent, quota.Id);
        }
        Assert.All(quotas.Values, q => Assert.True(100.0 * q.FamilyDoctor / (q.FamilyDoctor + q.Urgent + q.Public) >= Policies.Policy.Default.QuotaFamilyDoctorPercent));
        Assert.All(quotas.Values, q => Assert.True(q.SlotMinutes * (q.FamilyDoctor + q.Urgent + q.Public) <= 16 * 60));
        foreach (var day in plan.Examining.Cases.GroupBy(c => c.Device))
            Assert.True(day.Count() <= plan.Examining.Book(day.Key).Slots);
    }

    [Theory, MemberData(nameof(Cities))]
    public void Everything_happens_on_working_days_and_under_a_contract(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        var days = plan.Days;
        Assert.All(plan.Referring.Cases, c => Assert.True(Open(c.SubmittedAt, c.AnsweredAt, c.ArrivedAt, c.OutcomeAt, c.AcknowledgedAt) && Covered(c.Resident, c.SubmittedAt)));
        Assert.All(plan.Examining.Cases, c => Assert.True(Open(c.RequestedAt, c.ConfirmedAt, c.ArrivedAt, c.ReportedAt) && Covered(c.Resident, c.RequestedAt)));
        Assert.All(plan.BedCare.Beds, b => Assert.True(Open(b.RequestedAt, b.AssessedAt, b.ApprovedAt, b.OpenedAt, b.ClosesAt) && Covered(b.Resident, b.OpenedAt)));
        Assert.All(plan.HomeVisiting.Visits, v => Assert.True(Open(v.Row.From)));
        Assert.All(plan.Population.Residents, r => Assert.True(Open(r.SignedAt)));
        Assert.All(plan.Booking.Sessions, s => Assert.True(Open(s.Start)));

        bool Open(params DateTimeOffset[] moments) => moments.All(m => days.IsWorking(days.DateOf(m)) && days.At(days.DateOf(m), 8 * 60) <= m && m <= days.At(days.DateOf(m), 18 * 60));

        bool Covered(Resident resident, DateTimeOffset at) =>
            resident.SignedOn <= days.DateOf(at) && (resident.LeftOn is not { } left || left >= days.DateOf(at));
    }
}
