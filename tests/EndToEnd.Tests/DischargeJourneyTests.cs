using FamilyDoctor.EventSourcing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>From the hospital back home: the way back to the team, the offer of a family bed, the first visit; or an offer that nobody answers.</summary>
[Collection("city")]
public sealed class DischargeJourneyTests(RunningCity running, ITestOutputHelper output)
{
    [Fact]
    public async Task Sent_home_from_hospital_a_patient_is_offered_a_bed_and_visited_in_it()
    {
        using var here = new Neighbourhood(running.City);
        await here.Found();
        var team = await here.FormTeam();
        await using var mischief = await Mischief.Begin(running.City, output);
        await using var owners = new Owners(here);
        var (taker, silent) = (await here.Sign(team), await here.Sign(team));
        var referral = await here.Refer(taker);
        owners.OfReferral(referral);
        var (home, unanswered, bed, visit) = (Guid.Empty, Guid.Empty, Guid.Empty, Guid.Empty);

        await mischief.Kills("teams", async () =>
        {
            await here.AtHospital(referral, "acceptance");
            await here.AtHospital(referral, "arrival", new { admitted = true });
        });
        await mischief.Kills("beds", async () =>
        {
            await here.AtHospital(referral, "outcome", new { disposition = "discharged", report = "Stable." });
            await here.Do("referrals", Role.Clinic, $"/referrals/{referral}/acknowledgement");
            home = await here.SendHome(taker, bedSuggested: true, referral);
            unanswered = await here.SendHome(silent, bedSuggested: true);
            owners.OfWayBack(home);
            owners.OfWayBack(unanswered);
            await here.Do("referrals", Role.Clinic, $"/down-referrals/{home}/acceptance");
        });
        var (offer, left) = (await here.Began("beds", "discharge_bed_offered", taker), await here.Began("beds", "discharge_bed_offered", silent));
        await mischief.Kills("referrals", async () =>
        {
            await here.Do("beds", Role.Clinic, $"/bed-offers/{offer}/acceptance", new { type = "rehabilitative", conditionCodes = new[] { "I50" } });
            bed = await here.Began("beds", "bed_requested", taker);
            owners.OfBed(bed);
            await here.Assess(bed);
            await here.Approve(bed, team);
        });
        await mischief.Kills("contracts", async () =>
        {
            await here.Open(bed);
            visit = await here.PlanVisit(bed, taker, team.Nurse, 9, days: 0);
            owners.OfVisit(visit);
            await here.Do("beds", Role.Clinic, $"/visits/{visit}/start", new { locationCheck = "atHome" });
        });
        await mischief.Kills("dashboard", async () =>
        {
            await here.Do("beds", Role.Clinic, $"/visits/{visit}/completion", new { findings = "Ankles less swollen.", actionCodes = new[] { "weighed" } });
            await here.Do("referrals", Role.Clinic, $"/down-referrals/{home}/first-contact", new { mode = "Visit" });
        });
        await mischief.Echo();
        await mischief.Passes(TimeSpan.FromHours(73)); // an offer stands 72 hours, a way back is answered within 48

        await here.Is("referrals", $"/down-referrals/{unanswered}", "overdueLevel", "1");
        await here.Do("referrals", Role.Clinic, $"/down-referrals/{unanswered}/acceptance");
        await here.Do("referrals", Role.Clinic, $"/down-referrals/{unanswered}/first-contact", new { mode = "Phone" });
        await here.Do("referrals", Role.Clinic, $"/down-referrals/{home}/closure");
        await mischief.ChangesNothing();

        Assert.Equal("referral_drafted referral_slot_held referral_submitted referral_accepted referral_scheduled referral_authorised patient_arrived outcome_returned referral_closed",
            await here.History("referrals", referral));
        Assert.Equal("down_referral_proposed down_referral_accepted first_contact_made down_referral_closed", await here.History("referrals", home));
        Assert.Equal("down_referral_proposed down_referral_overdue down_referral_accepted first_contact_made", await here.History("referrals", unanswered));
        Assert.Equal("discharge_bed_offered discharge_bed_offer_accepted", await here.History("beds", offer));
        Assert.Equal("discharge_bed_offered discharge_bed_offer_expired", await here.History("beds", left));
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_visited", await here.History("beds", bed));
        Assert.Equal("visit_planned visit_assigned visit_started visit_completed", await here.History("beds", visit));
        await here.Is("beds", $"/institutions/{here.Institution}/bed-capacity", "taken", "1");
        await owners.WereAlwaysThere();

        await here.DashboardKnows("known_referral", referral, "Closed");
        await here.DashboardKnows("known_down_referral", home, "Closed");
        await here.DashboardKnows("known_bed", bed, "Open");
        await here.Counts($"team:{team.Id}", "K21", 2, of: 1);
        await here.Counts($"team:{team.Id}", "K22", 1, of: 2);
        await here.Counts($"team:{team.Id}", "K27", 1);
        await here.Counts($"team:{team.Id}", "K27-opened", 1);
        await here.Counts($"institution:{here.Institution}", "K33", 1, of: 2);
    }
}
