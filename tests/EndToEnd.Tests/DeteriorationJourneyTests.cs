using FamilyDoctor.EventSourcing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A visit finds a resident urgently worse: the hospital is called at once, his bed rests while he is there, and goes on when he is home; whoever had none is offered one.</summary>
[Collection("city")]
public sealed class DeteriorationJourneyTests(RunningCity running, ITestOutputHelper output)
{
    private const string ToHospitalAndBack =
        "referral_drafted referral_slot_held referral_submitted referral_fast_tracked referral_authorised referral_stepped_up referral_accepted patient_arrived outcome_returned referral_closed";

    [Fact]
    public async Task Found_worse_at_home_a_resident_goes_to_hospital_and_comes_back_to_his_bed()
    {
        using var here = new Neighbourhood(running.City);
        await here.Found();
        await here.OpenGreenChannel();
        var team = await here.FormTeam();
        await using var mischief = await Mischief.Begin(running.City, output);
        await using var owners = new Owners(here);
        Patient slow = await here.Sign(team), swift = await here.Sign(team), caller = await here.Sign(team);
        Guid rested = await here.OpenBed(slow), brief = await here.OpenBed(swift);
        Guid first = await here.PlanVisit(rested, slow, team.Nurse, 13, days: 0), second = await here.PlanVisit(brief, swift, team.Nurse, 14, days: 0),
            call = await here.PlanVisit(null, caller, team.Gp, 13, days: 0);
        foreach (var (bed, visit) in ((Guid, Guid)[])[(rested, first), (brief, second)])
        {
            owners.OfBed(bed);
            owners.OfVisit(visit);
        }

        await mischief.Kills("referrals", async () =>
        {
            await here.FindWorse(first);
            await here.FindWorse(call);
        });
        Guid green = await here.Began("referrals", "referral_drafted", slow), called = await here.Began("referrals", "referral_drafted", caller);
        await mischief.Kills("dashboard", () => here.FindWorse(second));
        var quick = await here.Began("referrals", "referral_drafted", swift);
        foreach (var referral in (Guid[])[green, called, quick])
            owners.OfReferral(referral);

        await here.Becomes("referrals", $"/referrals/{green}", "fastTracked", "True");
        await here.AtHospital(green, "acceptance");
        await here.AtHospital(green, "arrival", new { admitted = true });
        await here.Becomes("beds", $"/beds/{rested}", "status", "Paused");
        await mischief.Kills("beds", async () =>
        {
            foreach (var referral in (Guid[])[quick, called])
            {
                await here.AtHospital(referral, "acceptance");
                await here.AtHospital(referral, "arrival", new { admitted = true });
                await here.AtHospital(referral, "outcome", new { disposition = "discharged", report = "Stable." });
            }
            owners.OfWayBack(await here.SendHome(caller, bedSuggested: true, called));
        });
        await mischief.Kills("contracts", async () =>
        {
            await here.AtHospital(green, "outcome", new { disposition = "discharged", report = "Stable." });
            await here.Becomes("beds", $"/beds/{rested}", "status", "Open");
            await here.Becomes("beds", $"/beds/{brief}", "status", "Open");
        });
        await mischief.Kills("teams", async () =>
        {
            foreach (var referral in (Guid[])[green, quick, called])
                await here.Do("referrals", Role.Clinic, $"/referrals/{referral}/acknowledgement");
        });
        var offer = await here.Began("beds", "discharge_bed_offered", caller);
        await mischief.Echo();
        await mischief.ChangesNothing();

        foreach (var referral in (Guid[])[green, quick, called])
        {
            Assert.Equal(ToHospitalAndBack, await here.History("referrals", referral));
            await here.DashboardKnows("known_referral", referral, "Closed");
        }
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_paused bed_resumed", await here.History("beds", rested));
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_paused bed_resumed", await here.History("beds", brief));
        Assert.Equal("discharge_bed_offered", await here.History("beds", offer));
        foreach (var visit in (Guid[])[first, second, call])
        {
            Assert.Equal("visit_planned visit_assigned visit_started observation_recorded observation_recorded observation_recorded observation_out_of_range " +
                "observation_out_of_range observation_out_of_range deterioration_detected deterioration_escalated", await here.History("beds", visit));
        }
        await owners.WereAlwaysThere();

        await here.DashboardKnows("known_bed", rested, "Open");
        await here.DashboardKnows("known_bed", brief, "Open");
        await here.Counts($"team:{team.Id}", "K27", 2);
        await here.Counts($"team:{team.Id}", "K32", 2);
        await here.Counts($"team:{team.Id}", "K21", 0, of: 3);
    }
}
