using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.Contracts.Registering;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>Sample residents and their contracts could be real ones, by the same rules as at a desk, and are plainly not.</summary>
public sealed class PlannedPeopleTests
{
    public static TheoryData<string, int> Cities => PlannedCountsTests.Cities;

    [Theory, MemberData(nameof(Cities))]
    public void Certificates_are_well_formed_unlike_each_other_and_nobodys(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        var numbers = plan.Population.Residents.Select(r => EnrolmentRows.Form(plan, r).CertificateNumber).ToList();
        Assert.All(numbers, n => Assert.True(Registering.IsWellFormed(n), n));
        Assert.All(numbers, n => Assert.StartsWith("9999", n, StringComparison.Ordinal));
        Assert.Distinct(numbers);
        Assert.All(plan.Population.Residents, r => Assert.StartsWith("Sample Resident ", EnrolmentRows.Form(plan, r).Name, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Cities))]
    public void Everybody_is_eligible_and_of_groups_that_exist(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var resident in plan.Population.Residents)
        {
            var form = EnrolmentRows.Form(plan, resident);
            Assert.True(form.BirthDate <= resident.SignedOn && form.Eligibility.Since <= resident.SignedOn);
            if (form.Eligibility.Basis == "Residence")
                Assert.True(form.Eligibility.Since.AddMonths(Policies.Policy.Default.ResidencyMinMonths) < resident.SignedOn);
            Assert.All(form.PriorityGroups, g => Assert.Contains(g.Group, PriorityGroups.Codes));
            Assert.Equal(resident.AgeWhenSigning < Policies.Policy.Default.GuardianUntilAge, EnrolmentRows.Guardian(resident) is not null);
        }
    }

    [Theory, MemberData(nameof(Cities))]
    public void Each_contract_is_renewed_in_its_window_until_it_ends_or_the_present_begins(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var resident in plan.Population.Residents)
        {
            var row = EnrolmentRows.Contract(plan, resident);
            var end = Terms.FirstEnd(resident.SignedOn, row.TermMonths);
            foreach (var renewal in row.Renewals)
            {
                var day = plan.Days.DateOf(renewal.At);
                Assert.True(renewal.At < plan.End && day < end && day >= end.AddDays(-Policies.Policy.Default.RenewalOpensDaysBefore), row.Id);
                end = Terms.NextEnd(end, renewal.TermMonths);
            }
            Assert.True(resident.LeftOn is { } left ? end == left : end >= plan.City.Today, row.Id);
        }
    }

    [Theory, MemberData(nameof(Cities))]
    public void No_panel_ever_holds_more_than_its_doctors_may(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        // Seats of ended contracts are given back only when the history is closed, so all count.
        foreach (var panel in plan.Population.Residents.GroupBy(r => r.Team))
            Assert.True(panel.Count() <= panel.Key.Fte * Policies.Policy.Default.ContractsPerGp, $"team {panel.Key.Index}");
        Assert.All(plan.Population.Residents, r => Assert.True(r.Team.FormedAt < r.SignedAt, $"resident {r.Index}"));
    }

    [Theory, MemberData(nameof(Cities))]
    public void Teams_are_complete_and_nobody_works_more_than_whole_time(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        Assert.All(plan.Staffing.Teams, t => Assert.True(t.Members[0].Role == "gp" && t.Members.Any(m => m.Role == "nurse")));
        Assert.All(plan.Staffing.Teams.SelectMany(t => t.Members).GroupBy(m => m.Who.Index), w => Assert.True(w.Sum(m => m.Fte) <= 1));
        Assert.All(plan.Staffing.Teams, t => Assert.True(t.Institution.OpenedOn <= plan.Days.DateOf(t.FormedAt)));
        Assert.All(plan.Staffing.Teams.SelectMany(t => t.Members.Select(m => (Team: t, m.Who))), m => Assert.True(m.Who.RegisteredAt < m.Team.FormedAt));
    }

    [Theory, MemberData(nameof(Cities))]
    public void No_slot_is_given_twice_and_whoever_books_is_under_contract(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        var sessions = plan.Booking.Sessions.ToDictionary(s => s.SessionId);
        var residents = plan.Population.Residents.ToDictionary(plan.IdOf);
        Assert.Distinct(plan.Booking.Appointments.Select(a => (a.Row.SessionId, a.Row.Slot)));
        foreach (var (_, row) in plan.Booking.Appointments)
        {
            var (session, resident) = (sessions[row.SessionId], residents[row.ResidentId]);
            var start = session.Start.AddMinutes(session.SlotMinutes * row.Slot!.Value);
            Assert.True(row.Slot < session.Slots && row.OccurredAt <= start && session.OccurredAt <= row.OccurredAt, row.Id);
            Assert.True(resident.SignedAt < row.OccurredAt && (resident.LeftOn is not { } left || left > plan.Days.DateOf(start)), row.Id);
            Assert.True(row.NoShowAt is { } missed ? missed >= start : row.CheckedInAt < row.FulfilledAt, row.Id);
        }
    }

    private static class Registering
    {
        public static bool IsWellFormed(string number) => Contracts.Registering.Certificates.IsWellFormed("identityCard", number);
    }
}
