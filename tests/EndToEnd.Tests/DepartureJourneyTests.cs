using FamilyDoctor.EventSourcing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A doctor and a nurse leave: their visits are their colleagues', and outcomes and critical results wait for a doctor who is there.</summary>
[Collection("city")]
public sealed class DepartureJourneyTests(RunningCity running, ITestOutputHelper output)
{
    [Fact]
    public async Task When_practitioners_leave_their_visits_and_what_they_had_to_read_are_others()
    {
        using var here = new Neighbourhood(running.City);
        await here.Found();
        var team = await here.FormTeam();
        Guid doctor = await here.Practitioner("doctor"), nurse = await here.Practitioner("nurse");
        await here.Join(team.Id, doctor, "gp");
        await here.Join(team.Id, nurse, "nurse");
        await using var mischief = await Mischief.Begin(running.City, output);
        await using var owners = new Owners(here);
        var patient = await here.Sign(team);
        var bed = await here.OpenBed(patient);
        Guid soon = await here.PlanVisit(bed, patient, team.Nurse, 9), later = await here.PlanVisit(bed, patient, team.Nurse, 9, days: 5),
            byDoctor = await here.PlanVisit(bed, patient, team.Gp, 10, days: 6);
        Guid outcome = await here.Refer(patient), exam = await here.Examine(patient);
        owners.OfBed(bed);
        owners.OfReferral(outcome);
        owners.OfExam(exam);
        foreach (var visit in (Guid[])[soon, later, byDoctor])
            owners.OfVisit(visit);

        await mischief.Kills("beds", () => Leaves(team.Nurse, days: 2));
        await here.Becomes("beds", $"/visits/{later}", "practitionerId", nurse.ToString());
        await here.Is("beds", $"/visits/{soon}", "practitionerId", team.Nurse.ToString()); // she is still there
        await mischief.Kills("referrals", async () =>
        {
            await Leaves(team.Gp, days: 2);
            await here.Becomes("beds", $"/visits/{byDoctor}", "practitionerId", doctor.ToString());
        });
        await here.AtHospital(outcome, "acceptance");
        await mischief.Kills("contracts", async () =>
        {
            await here.AtHospital(outcome, "arrival", new { admitted = false });
            await here.AtHospital(outcome, "outcome", new { disposition = "treated", report = "Stable." });
        });
        await mischief.Kills("dashboard", () => here.Do("beds", Role.Clinic, $"/visits/{soon}/completion", new { actionCodes = new[] { "check" } }));
        await mischief.Kills("teams", () => here.Becomes("referrals", $"/worklists/team?teamId={team.Id}", "owner", team.Gp.ToString()));
        await mischief.Echo();
        await mischief.Passes(TimeSpan.FromDays(3));

        await here.Becomes("referrals", $"/worklists/team?teamId={team.Id}", "owner", doctor.ToString());
        await here.Becomes("beds", $"/beds/{bed}", "terms.gpId", doctor.ToString());
        await here.Becomes("beds", $"/beds/{bed}", "terms.nurseId", nurse.ToString());
        await here.Do("teams", Role.Clinic, $"/teams/{team.Id}/leader", new { practitionerId = doctor });
        await here.Do("referrals", Role.Clinic, $"/referrals/{outcome}/acknowledgement");
        await here.Do("beds", Role.Clinic, $"/visits/{later}/completion", new { actionCodes = new[] { "check" } });
        await mischief.ChangesNothing();

        await here.Is("referrals", $"/worklists/team?teamId={team.Id}", "owner", doctor.ToString());
        Assert.Equal("visit_planned visit_assigned visit_completed", await here.History("beds", soon));
        Assert.Equal("visit_planned visit_assigned visit_assigned visit_completed", await here.History("beds", later));
        Assert.Equal("visit_planned visit_assigned visit_assigned", await here.History("beds", byDoctor));
        Assert.EndsWith("outcome_returned referral_closed", await here.History("referrals", outcome), StringComparison.Ordinal);
        await owners.WereAlwaysThere();

        await here.DashboardKnows("known_referral", outcome, "Closed");
        await here.DashboardKnows("known_bed", bed, "Open");
        await here.Counts($"team:{team.Id}", "K27", 1);

        Task Leaves(Guid practitioner, int days) => here.Do("teams", Role.Commission, $"/practitioners/{practitioner}/departure",
            new { lastDay = running.City.Today.AddDays(days), reason = "retirement" });
    }
}
