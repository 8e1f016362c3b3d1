using FamilyDoctor.EventSourcing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A resident dies: whatever was to come for him ends quietly, everywhere; told in error, care goes on.</summary>
[Collection("city")]
public sealed class DeathJourneyTests(RunningCity running, ITestOutputHelper output)
{
    [Fact]
    public async Task A_death_ends_everything_quietly_and_one_told_in_error_ends_nothing()
    {
        using var here = new Neighbourhood(running.City);
        await here.Found();
        var team = await here.FormTeam();
        await using var mischief = await Mischief.Begin(running.City, output);
        await using var owners = new Owners(here);
        Patient dead = await here.Sign(team), asker = await here.Sign(team), revived = await here.Sign(team), mistaken = await here.Sign(team);
        Guid ended = await here.OpenBed(dead), reopened = await here.OpenBed(revived), kept = await here.OpenBed(mistaken), asked = await here.RequestBed(asker);
        await here.Assess(asked);
        await here.Approve(asked, team);
        var visit = await here.PlanVisit(ended, dead, team.Nurse, 9);
        Guid referral = await here.Refer(dead), exam = await here.Examine(dead);
        foreach (var bed in (Guid[])[ended, reopened, kept, asked])
            owners.OfBed(bed);
        owners.OfVisit(visit);
        owners.OfReferral(referral);
        owners.OfExam(exam);

        await Dies(dead);
        await mischief.Kills("contracts", () => Task.CompletedTask); // before it may have told anybody
        await mischief.Kills("referrals", async () =>
        {
            await Dies(asker);
            await here.Becomes("beds", $"/beds/{ended}", "status", "Closed");
            await here.Becomes("beds", $"/beds/{asked}", "status", "Cancelled");
        });
        await Dies(revived);
        await here.Becomes("beds", $"/beds/{reopened}", "status", "Closed");
        await mischief.Kills("beds", async () =>
        {
            await Lives(revived);
            await Dies(mistaken);
            await Lives(mistaken);
        });
        await here.Becomes("beds", $"/beds/{reopened}", "status", "Open");
        await here.Becomes("beds", $"/visits/{visit}", "status", "Cancelled");
        await mischief.Kills("teams", () => here.Becomes("referrals", $"/referrals/{referral}", "status", "Cancelled"));
        await mischief.Kills("dashboard", () => here.Becomes("referrals", $"/exams/{exam}", "status", "Cancelled"));
        await mischief.Echo();
        await mischief.ChangesNothing();

        await here.Is("contracts", $"/contracts/{dead.Contract}", "status", "Terminated");
        await here.Is("contracts", $"/contracts/{revived.Contract}", "status", "Active");
        await here.Is("contracts", $"/contracts/{mistaken.Contract}", "status", "Active");
        await here.Is("beds", $"/beds/{ended}", "closeReason", "Died");
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_closed", await here.History("beds", ended));
        Assert.Equal("bed_requested bed_assessed bed_approved bed_request_cancelled", await here.History("beds", asked));
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_closed bed_reopened", await here.History("beds", reopened));
        await here.Is("beds", $"/beds/{kept}", "status", "Open");
        Assert.Equal("visit_planned visit_assigned visit_cancelled", await here.History("beds", visit));
        Assert.Equal("referral_drafted referral_slot_held referral_submitted referral_cancelled", await here.History("referrals", referral));
        Assert.Equal("exam_requested exam_slot_held exam_cancelled", await here.History("referrals", exam));
        await here.Is("beds", $"/institutions/{here.Institution}/bed-capacity", "taken", "2");
        Assert.Equal(0, (await here.See("referrals", $"/quotas?hospitalId={here.Hospital}&service=cardiology&from={here.ClinicDay:O}&to={here.ClinicDay:O}"))
            .GetProperty("items")[0].GetProperty("familyDoctorTaken").GetInt32());
        await owners.WereAlwaysThere();

        await here.DashboardKnows("known_bed", ended, "Closed");
        await here.DashboardKnows("known_bed", reopened, "Open");
        await here.DashboardKnows("known_bed", kept, "Open");
        await here.DashboardKnows("known_referral", referral, "Cancelled");
        await here.Counts($"team:{team.Id}", "K3", 2);
        await here.Counts($"team:{team.Id}", "K27", 2);

        Task Dies(Patient patient) =>
            here.Do("contracts", Role.Clinic, $"/residents/{patient.Id}/death", new { on = running.City.Today, source = "hospital" });

        Task Lives(Patient patient) =>
            here.Do("contracts", Role.Commission, $"/residents/{patient.Id}/death-reversal", new { reason = "wrongPerson" });
    }
}
