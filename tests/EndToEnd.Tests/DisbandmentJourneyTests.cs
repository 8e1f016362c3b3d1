using FamilyDoctor.EventSourcing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A team ends: its residents, their beds and whatever is under way about them are the successor's, and nothing is ever nobody's.</summary>
[Collection("city")]
public sealed class DisbandmentJourneyTests(RunningCity running, ITestOutputHelper output)
{
    [Fact]
    public async Task When_a_team_ends_beds_and_open_outcomes_have_new_people_responsible()
    {
        using var here = new Neighbourhood(running.City);
        await here.Found();
        var (ending, next) = (await here.FormTeam(), await here.FormTeam());
        await using var mischief = await Mischief.Begin(running.City, output);
        await using var owners = new Owners(here);
        Patient agrees = await here.Sign(ending), silent = await here.Sign(ending), objects = await here.Sign(ending);
        Guid first = await here.OpenBed(agrees), second = await here.OpenBed(silent), third = await here.OpenBed(objects);
        Guid outcome = await here.Refer(agrees), open = await here.Refer(silent), home = await here.SendHome(silent, bedSuggested: false), exam = await here.Examine(silent);
        await here.Do("referrals", Role.Clinic, $"/down-referrals/{home}/acceptance");
        await here.AtHospital(outcome, "acceptance");
        await here.AtHospital(outcome, "arrival", new { admitted = false });
        await here.AtHospital(outcome, "outcome", new { disposition = "treated", report = "Stable." });
        foreach (var bed in (Guid[])[first, second, third])
            owners.OfBed(bed);
        foreach (var referral in (Guid[])[outcome, open])
            owners.OfReferral(referral);
        owners.OfWayBack(home);
        owners.OfExam(exam);

        await mischief.Kills("contracts", () => here.Do("teams", Role.Commission, $"/teams/{ending.Id}/disbandment",
            new { effectiveOn = running.City.Today.AddDays(31), reason = "institutionRestructured", successors = new[] { next.Id } }));
        foreach (var patient in (Patient[])[agrees, silent, objects])
            await here.Becomes("contracts", $"/contracts/{patient.Contract}", "status", "AwaitingReassignment");
        await mischief.Kills("beds", () => here.Do("contracts", Role.Clinic, $"/contracts/{agrees.Contract}/reassignment/acceptance"));
        await mischief.Kills("referrals", async () =>
        {
            await here.Do("contracts", Role.Clinic, $"/contracts/{objects.Contract}/reassignment/objection");
            await here.Becomes("beds", $"/beds/{first}", "teamId", next.Id.ToString());
            await here.Becomes("beds", $"/beds/{third}", "status", "ClosingDue");
        });
        await mischief.Kills("teams", () => here.Becomes("referrals", $"/referrals/{outcome}", "teamId", next.Id.ToString()));
        await mischief.Kills("dashboard", () => here.Do("referrals", Role.Clinic, $"/referrals/{outcome}/acknowledgement"));
        await mischief.Echo();
        await mischief.Passes(TimeSpan.FromDays(32));

        await here.Becomes("teams", $"/teams/{ending.Id}", "status", "Disbanded");
        await here.Becomes("contracts", $"/contracts/{silent.Contract}", "teamId", next.Id.ToString());
        await here.Becomes("beds", $"/beds/{second}", "teamId", next.Id.ToString());
        foreach (var path in (string[])[$"/referrals/{open}", $"/down-referrals/{home}", $"/exams/{exam}"])
            await here.Becomes("referrals", path, "teamId", next.Id.ToString());
        await mischief.ChangesNothing();

        foreach (var bed in (Guid[])[first, second])
        {
            Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_gp_changed", await here.History("beds", bed));
            await here.Is("beds", $"/beds/{bed}", "terms.gpId", next.Gp.ToString());
            await here.DashboardKnows("known_bed", bed, "Open");
        }
        // Told again of the end of the team, the bed in its last week goes to the successor as well.
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_closure_due bed_closed",
            (await here.History("beds", third)).Replace(" bed_gp_changed", "", StringComparison.Ordinal));
        await here.Is("beds", $"/beds/{third}", "closeReason", "ContractEnded");
        await here.Is("contracts", $"/contracts/{objects.Contract}", "status", "Terminated");
        Assert.EndsWith("outcome_returned referral_owner_changed referral_closed", await here.History("referrals", outcome), StringComparison.Ordinal);
        Assert.EndsWith("down_referral_accepted down_referral_owner_changed", await here.History("referrals", home), StringComparison.Ordinal);
        Assert.Equal("exam_requested exam_slot_held exam_owner_changed", await here.History("referrals", exam));
        Assert.Equal(1, (await here.History("referrals", open)).Split(' ').Count(type => type == "referral_owner_changed"));
        await owners.WereAlwaysThere();

        await here.DashboardKnows("known_referral", outcome, "Closed");
        await here.Counts($"team:{next.Id}", "K3", 2);
        await here.Counts($"team:{next.Id}", "K27", 2);
    }
}
